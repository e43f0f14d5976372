import type { EditorState } from '@codemirror/state'
import { SvelteMap } from 'svelte/reactivity'
import { host, HostError, onPush, type Diagnostic, type RuleRow, type Template, type Vocabulary } from '../../host'
import { Draft } from './drafts.svelte'
import { freeName, inListOrder } from './rule-text'
import { remembered } from './seen-values'
import { NO_WORDS } from './words'

/** Typing rests for so long before the text is checked, in milliseconds. */
const CHECK_AFTER = 180

/** What the Rules view works on. It lives as long as the window, so that leaving the view loses no edit. */
export class Desk {
  rows = $state.raw<readonly RuleRow[]>([])
  /** Drafts by rule; a rule is here once it was opened. */
  readonly drafts = new SvelteMap<string, Draft>()
  selected = $state('')
  words = $state.raw<Vocabulary>(NO_WORDS)
  /** What a field held on this network. */
  readonly seen = remembered((on, field) => host.seen(on, field))
  templates = $state.raw<readonly Template[]>([])
  loaded = $state(false)
  /** Why the rules could not be read. */
  failed = $state.raw<HostError | null>(null)
  saving = $state(false)
  /** Editors left behind: their history and caret. */
  readonly left = new Map<string, EditorState>()

  readonly #timers = new WeakMap<Draft, ReturnType<typeof setTimeout>>()
  #started = false

  /** The draft on the desk. */
  get draft(): Draft | undefined {
    return this.drafts.get(this.selected)
  }

  /** The row of the rule on the desk; none for one that was never saved. */
  get row(): RuleRow | undefined {
    return this.rows.find((row) => row.name === this.selected)
  }

  /** Every name in use, drafts that were never saved included. */
  get names(): string[] {
    return [...new Set([...this.rows.map((row) => row.name), ...this.drafts.keys()])].sort(inListOrder)
  }

  /** Whether any rule has edits that are not on disk. */
  get unsaved(): number {
    return [...this.drafts.values()].filter((draft) => draft.edited).length
  }

  /** Reads everything and follows changes from now on. */
  async start(): Promise<void> {
    if (!this.#started) {
      this.#started = true
      onPush('rules_changed', () => void this.refresh())
    }
    await this.refresh()
    try {
      const [words, templates] = await Promise.all([host.vocabulary(), host.templates()])
      this.words = words
      this.templates = templates
    } catch {
      // Completion and templates are a help; without them the text can still be edited.
    }
  }

  /** Reads the list again, and what lies on disk of each rule that was opened. */
  async refresh(): Promise<void> {
    try {
      this.rows = await host.rules()
      this.failed = null
    } catch (error) {
      this.failed = error instanceof HostError ? error : new HostError('unknown', String(error))
      return
    } finally {
      this.loaded = true
    }
    const there = new Set(this.rows.map((row) => row.name))
    for (const [name, draft] of this.drafts) {
      if (there.has(name)) await this.#read(draft)
      else if (draft.hash !== null && !draft.edited) this.drafts.delete(name)
      else draft.gone()
    }
    if (!this.drafts.has(this.selected) && !there.has(this.selected)) await this.open(this.names[0] ?? '')
    else if (this.selected && !this.draft) await this.open(this.selected)
  }

  async #read(draft: Draft): Promise<void> {
    try {
      draft.heard(await host.rule(draft.name))
    } catch {
      // Gone between the list and the question; the next list says so.
    }
  }

  /** Puts a rule on the desk. */
  async open(name: string): Promise<void> {
    this.selected = name
    if (!name || this.drafts.has(name)) return
    const detail = await host.rule(name)
    if (this.drafts.has(name)) return
    const draft = new Draft(name, detail.text)
    draft.take(detail.text, detail.hash)
    draft.takeCases(detail.cases, detail.cases_hash)
    draft.findings = detail.findings
    draft.checked = 0
    this.drafts.set(name, draft)
  }

  /** That name, with a number at its end if somebody has it. */
  unused(name: string): string {
    return this.names.includes(name) ? freeName(name, this.names) : name
  }

  /** Begins a rule that is not on disk yet. */
  begin(name: string, text: string, cases = ''): void {
    const draft = new Draft(name, text, cases)
    this.drafts.set(name, draft)
    this.selected = name
    this.#check(draft)
  }

  /** A copy of the rule on the desk, under a free name. */
  duplicate(): void {
    const { draft } = this
    if (draft) this.begin(freeName(draft.name, this.names), draft.text, draft.cases)
  }

  /** The text on the desk was typed. */
  type(text: string): void {
    const { draft } = this
    if (!draft || draft.text === text) return
    draft.text = text
    draft.checked = null
    clearTimeout(this.#timers.get(draft))
    this.#timers.set(draft, setTimeout(() => void this.#check(draft), CHECK_AFTER))
  }

  /** What is sure to mend a finding of the text on the desk; `null` where nothing is. */
  async fix(finding: Diagnostic): Promise<string | null> {
    const { draft } = this
    try {
      return draft ? await host.fix(draft.name, draft.text, finding) : null
    } catch {
      // The finding still says what to write.
      return null
    }
  }

  /** The cases on the desk were typed, or made. */
  typeCases(cases: string): void {
    const { draft } = this
    if (draft) draft.cases = cases
  }

  async #check(draft: Draft): Promise<void> {
    const { text } = draft
    const began = performance.now()
    try {
      const findings = await host.checkRule(draft.name, text)
      // An answer about an older text is no answer.
      if (draft.text !== text) return
      draft.findings = findings
      draft.checked = performance.now() - began
    } catch {
      // Typing goes on; the next rest asks again.
    }
  }

  /**
   * Writes the rule on the desk and its cases to disk. False when a file there is another one: `draft.outside` or
   * `draft.casesOutside` has it.
   */
  async save(): Promise<boolean> {
    const { draft } = this
    if (!draft || this.saving) return true
    if (draft.outside || draft.casesOutside) return false
    this.saving = true
    try {
      const done = (await this.#saveText(draft)) && (await this.#saveCases(draft))
      if (done) await this.refresh()
      return done
    } catch (error) {
      // The file went, or another of this name came: asked about like any other change outside.
      const code = error instanceof HostError ? error.code : ''
      if (code === 'gone') draft.gone()
      else if (code === 'exists') await this.#read(draft)
      if (draft.outside) return false
      throw error
    } finally {
      this.saving = false
    }
  }

  async #saveText(draft: Draft): Promise<boolean> {
    const { text } = draft
    if (draft.hash !== null && text === draft.saved) return true
    const answer = await host.saveRule(draft.name, text, draft.hash)
    if (answer.type === 'conflict') {
      draft.outside = { text: answer.value.theirs, hash: answer.value.hash }
      return false
    }
    draft.kept(text, answer.value.hash)
    void this.#check(draft)
    return true
  }

  async #saveCases(draft: Draft): Promise<boolean> {
    const { cases } = draft
    if (!draft.casesEdited) return true
    const answer = await host.saveCases(draft.name, cases, draft.casesHash)
    if (answer.type === 'conflict') {
      draft.casesOutside = { text: answer.value.theirs, hash: answer.value.hash }
      return false
    }
    draft.keptCases(cases, answer.value.hash)
    return true
  }

  /** Puts the saved text back; a rule that was never saved goes. */
  revert(): void {
    const { draft } = this
    if (!draft) return
    if (draft.hash === null) {
      this.#forget(draft.name)
    } else {
      draft.revert()
      this.#check(draft)
    }
  }

  /** Gives up an edit whose file is gone. */
  letGo(name: string): void {
    this.#forget(name)
  }

  #forget(name: string): void {
    const names = this.names
    const next = names[names.indexOf(name) + 1] ?? names[names.indexOf(name) - 1] ?? ''
    this.drafts.delete(name)
    this.left.delete(name)
    if (this.selected === name) void this.open(next)
  }

  /** Deletes the rule's file; the answer brings it back. */
  async remove(name: string): Promise<() => Promise<void>> {
    const on = this.rows.find((row) => row.name === name)?.enabled ?? true
    const { text, cases } = await host.deleteRule(name)
    this.#forget(name)
    await this.refresh()
    return async () => {
      await host.restoreRule(name, text, cases)
      if (!on) await host.enableRule(name, false)
      await this.refresh()
      await this.open(name)
    }
  }

  /** Gives a rule another name; an edit goes with it. */
  async rename(name: string, to: string): Promise<void> {
    await host.renameRule(name, to)
    const draft = this.drafts.get(name)
    if (draft?.edited && draft.hash !== null) {
      const moved = new Draft(to, draft.text, draft.cases)
      moved.casesSaved = draft.casesSaved
      moved.casesHash = draft.casesHash
      moved.saved = draft.saved
      moved.hash = draft.hash
      moved.findings = draft.findings
      this.drafts.set(to, moved)
    }
    this.drafts.delete(name)
    this.left.delete(name)
    this.selected = to
    await this.refresh()
  }

  /** Switches a rule on or off. */
  async enable(name: string, on: boolean): Promise<void> {
    await host.enableRule(name, on)
    await this.refresh()
  }

  /** Lets a paused rule run again. */
  async resume(name: string): Promise<void> {
    await host.resumeRule(name)
    await this.refresh()
  }
}

export const desk = new Desk()
