import { SvelteMap } from 'svelte/reactivity'
import { host, type ListRow } from '../../host'
import { add, read, write, type Table } from './list-table'

const nameOf = (list: { name: string; csv: boolean }): string => `${list.name}.${list.csv ? 'csv' : 'txt'}`

/** A list that is open: its table as it stands in the window, and the file that it began from. */
export class OpenList {
  table = $state.raw<Table>(read('', false))
  saved = $state('')
  /** `null`: it was never saved. */
  hash = $state<string | null>(null)
  /** What the file says now, when that is not what the edit began from. */
  outside = $state.raw<{ text: string; hash: string } | null>(null)

  constructor(
    readonly name: string,
    readonly csv: boolean,
  ) {}

  get file(): string {
    return nameOf(this)
  }

  get text(): string {
    return write(this.table)
  }

  get edited(): boolean {
    return this.hash === null || this.text !== this.saved
  }

  /** Begins from that text. */
  take(text: string, hash: string | null): void {
    this.table = read(text, this.csv)
    // As it is written: a last line without an end gets one only when something else is changed.
    this.saved = this.text
    this.hash = hash
    this.outside = null
  }
}

/** The lists that rules ask, and the one that is open. */
export class Lists {
  rows = $state.raw<readonly ListRow[]>([])
  open = $state.raw<OpenList | null>(null)
  /** Those that were open: an edit is not lost by looking at something else. */
  readonly kept = new SvelteMap<string, OpenList>()

  async refresh(): Promise<void> {
    this.rows = await host.lists()
    const { open } = this
    if (!open || open.hash === null) return
    const { text, hash } = await host.list(open.name, open.csv)
    if (hash === open.hash) return
    // An untouched list follows its file; an edited one is asked about when it is saved.
    if (open.edited) open.outside = { text, hash }
    else open.take(text, hash)
  }

  async choose(name: string, csv: boolean): Promise<void> {
    const known = this.kept.get(nameOf({ name, csv }))
    if (known?.edited) {
      this.open = known
      return
    }
    const { text, hash } = await host.list(name, csv)
    const open = new OpenList(name, csv)
    open.take(text, hash)
    this.#show(open)
  }

  #show(open: OpenList): void {
    this.kept.set(open.file, open)
    this.open = open
  }

  /** A list that is not there yet. */
  begin(name: string, csv: boolean): void {
    const open = new OpenList(name, csv)
    open.take(csv ? 'name,remark\n' : '', null)
    open.table = add(open.table, open.table.lines.length - 1)
    this.#show(open)
  }

  /** Puts the saved text back; a list that was never saved goes. */
  revert(): void {
    const { open } = this
    if (!open) return
    if (open.hash === null) {
      this.kept.delete(open.file)
      this.open = null
    } else open.take(open.saved, open.hash)
  }

  /** Writes it. False when the file is another one now: `outside` has it. */
  async save(): Promise<boolean> {
    const { open } = this
    if (!open) return true
    const { text } = open
    const answer = await host.saveList(open.name, open.csv, text, open.hash)
    if (answer.type === 'conflict') {
      open.outside = { text: answer.value.theirs, hash: answer.value.hash }
      return false
    }
    open.saved = text
    open.hash = answer.value.hash
    open.outside = null
    this.rows = await host.lists()
    return true
  }

  /** Deletes its file; the answer brings it back. */
  async remove(): Promise<() => Promise<void>> {
    const { open } = this
    if (open) this.kept.delete(open.file)
    if (!open || open.hash === null) {
      this.open = null
      return async () => {}
    }
    const text = await host.deleteList(open.name, open.csv)
    this.open = null
    this.rows = await host.lists()
    return async () => {
      await host.saveList(open.name, open.csv, text, null)
      this.rows = await host.lists()
      await this.choose(open.name, open.csv)
    }
  }

  /** Why a list cannot be called that; empty when it can. */
  problem(name: string): string {
    if (!/^[\p{L}\p{N}][\p{L}\p{N} _-]*$/u.test(name) || name.endsWith(' ')) return 'bad'
    return this.rows.some((row) => row.name === name) ? 'taken' : ''
  }
}

export const lists = new Lists()
