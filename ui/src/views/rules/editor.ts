import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import { search, searchKeymap } from '@codemirror/search'
import { EditorState, Transaction, type Extension } from '@codemirror/state'
import {
  drawSelection, dropCursor, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers, tooltips,
} from '@codemirror/view'
import type { Vocabulary } from '../../host'
import { en } from '../../text/en'
import { changedLines } from './changed-lines'
import { clauseMargin } from './clause-margin'
import { completeRule } from './completion'
import { countMargin } from './count-margin'
import { editorTheme } from './editor-theme'
import { findingBelow } from './finding-widget'
import { hoverDocs } from './hover'
import { rhaiSupport } from './rhai-language'
import type { AskSeen } from './seen-values'

/** What the editor tells and asks while it runs. */
export interface Hooks {
  words: () => Vocabulary
  /** What a field held on this network. */
  seen: AskSeen
  change: (text: string) => void
  save: () => void
  caret: () => void
}

/**
 * The nonce that the content policy allows styles by: CodeMirror adds its style element under it. The window's
 * page carries an empty style element for this, whose nonce the shell fills in.
 */
export function nonce(): Extension {
  const value = document.querySelector<HTMLStyleElement>('style#csp-nonce')?.nonce
  return value ? EditorView.cspNonce.of(value) : []
}

/** Keys leave the editor with Escape then Tab, as the hint under it says. */
function keys(hooks: Hooks): Extension {
  return keymap.of([
    { key: 'Mod-s', preventDefault: true, run: () => (hooks.save(), true) },
    ...closeBracketsKeymap,
    ...defaultKeymap,
    ...searchKeymap,
    ...historyKeymap,
    ...completionKeymap,
    ...lintKeymap,
    indentWithTab,
  ])
}

/** A fresh state for a rule's text. */
export function editorState(text: string, hooks: Hooks): EditorState {
  return EditorState.create({
    doc: text,
    extensions: [
      nonce(),
      changedLines,
      lineNumbers(),
      clauseMargin,
      countMargin,
      highlightActiveLineGutter(),
      highlightActiveLine(),
      history(),
      drawSelection(),
      dropCursor(),
      indentOnInput(),
      indentUnit.of('    '),
      EditorState.tabSize.of(4),
      bracketMatching(),
      closeBrackets(),
      autocompletion({ override: [completeRule(hooks.words, hooks.seen)], maxRenderedOptions: 200 }),
      hoverDocs(hooks.words, hooks.seen),
      // In the page itself: the pane would cut what is wider than it.
      tooltips({ parent: document.body }),
      search(),
      rhaiSupport(),
      findingBelow,
      editorTheme,
      keys(hooks),
      EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': en.rules.ruleText, spellcheck: 'false', autocapitalize: 'off' }),
      EditorView.updateListener.of((update) => {
        const mine = update.transactions.every((change) => change.annotation(Transaction.userEvent) !== 'outside')
        if (update.docChanged && mine) hooks.change(update.state.doc.toString())
        if (update.selectionSet || update.docChanged) hooks.caret()
      }),
    ],
  })
}

/** Puts an editor into `parent`. */
export function createEditor(parent: HTMLElement, text: string, hooks: Hooks): EditorView {
  return new EditorView({ parent, state: editorState(text, hooks) })
}

/** Replaces the text from outside (a revert, a change on disk) as one step that can be undone; the same text is no change. */
export function replaceText(view: EditorView, text: string): void {
  const now = view.state.doc.toString()
  if (now === text) return
  const head = Math.min(view.state.selection.main.head, text.length)
  view.dispatch({
    changes: { from: 0, to: now.length, insert: text },
    selection: { anchor: head },
    annotations: Transaction.userEvent.of('outside'),
  })
}
