import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap, indentWithTab } from '@codemirror/commands'
import { indentUnit } from '@codemirror/language'
import { lintKeymap } from '@codemirror/lint'
import { search, searchKeymap } from '@codemirror/search'
import { EditorState, Transaction } from '@codemirror/state'
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from '@codemirror/view'
import { nonce } from './editor'
import { editorTheme } from './editor-theme'
import { tomlSupport } from './toml-language'

interface Hooks {
  label: string
  change: (text: string) => void
  save: () => void
}

/** Puts an editor for cases into `parent`. */
export function createCasesEditor(parent: HTMLElement, text: string, hooks: Hooks): EditorView {
  const state = EditorState.create({
    doc: text,
    extensions: [
      nonce(),
      lineNumbers(),
      highlightActiveLine(),
      history(),
      drawSelection(),
      indentUnit.of('    '),
      closeBrackets(),
      search(),
      tomlSupport(),
      editorTheme,
      keymap.of([
        { key: 'Mod-s', preventDefault: true, run: () => (hooks.save(), true) },
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...lintKeymap,
        indentWithTab,
      ]),
      EditorView.contentAttributes.of({ tabindex: '0', 'aria-label': hooks.label, spellcheck: 'false', autocapitalize: 'off' }),
      EditorView.updateListener.of((update) => {
        const mine = update.transactions.every((change) => change.annotation(Transaction.userEvent) !== 'outside')
        if (update.docChanged && mine) hooks.change(update.state.doc.toString())
      }),
    ],
  })
  return new EditorView({ parent, state })
}
