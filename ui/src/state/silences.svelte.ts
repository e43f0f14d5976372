// The silences in force, and the one that is being written.
import { host, onPush, type AlertRow, type Matchers, type SilencePreview, type SilenceRow, type Severity } from '../host'
import { en } from '../text/en'
import { minutesTo } from '../text/until'
import { now } from './now.svelte'
import { say, sayFailed } from './toasts.svelte'

/** What a silence may ask of an alert. */
export type Condition = 'rule' | 'key' | 'kind' | 'title' | 'severity'
export const conditions: readonly Condition[] = ['rule', 'key', 'kind', 'title', 'severity']

/** A silence before it is one. */
export interface Draft {
  /** The alert it began from. */
  about: AlertRow | null
  /** Several alerts, of which each gets a silence of its own; mostly none. Then nothing else is asked for. */
  several: readonly AlertRow[]
  /** Those that are asked for. */
  on: readonly Condition[]
  values: Record<Condition, string>
  spareCritical: boolean
  comment: string
}

/** How long a comment may be. */
export const LONGEST = 200

/** What fits a name: itself, or its beginning where it is longer than a pattern may be. */
const patternOf = (name: string): string => {
  const letters = Array.from(name)
  return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join('')}*` : name
}

let rows = $state.raw<SilenceRow[]>([])
let draft = $state.raw<Draft | null>(null)

export const silences = {
  /** Those that end first, first. */
  get rows(): readonly SilenceRow[] {
    return rows
  },
  get draft(): Draft | null {
    return draft
  },
  of(id: string | null): SilenceRow | undefined {
    return id === null ? undefined : rows.find((row) => row.id === id)
  },
}

let asked = 0
let timer: ReturnType<typeof setTimeout> | undefined
/** A timer cannot wait longer, in ms. */
const LONGEST_WAIT = 2 ** 31 - 1

async function reload(then: () => void): Promise<void> {
  const mine = ++asked
  try {
    const list = await host.silences()
    if (mine !== asked) return
    rows = list.toSorted((a, b) => a.until - b.until)
    clearTimeout(timer)
    const first = rows[0]
    // The engine does not tell when one is over by its time.
    if (first) timer = setTimeout(() => void reload(then), Math.min(LONGEST_WAIT, Math.max(0, first.until - Date.now()) + 500))
  } catch {
    return // The status says why nothing can be asked.
  }
  then()
}

/** Keeps the list; `changed` is called after each change. The returned function stops. */
export function followSilences(changed: () => void): () => void {
  const stop = onPush('silences_changed', () => void reload(changed))
  void reload(() => undefined)
  return () => {
    stop()
    clearTimeout(timer)
  }
}

/** Begins one from an alert: of exactly that one, or `wide`, of its key in every rule, what is critical let through. */
export function beginFrom(row: AlertRow, wide = false): void {
  draft = {
    about: row,
    several: [],
    on: wide ? ['key'] : ['rule', 'key'],
    values: { rule: row.rule, key: patternOf(row.key), kind: row.kind, title: patternOf(row.title), severity: row.severity },
    spareCritical: wide && row.severity !== 'critical',
    comment: en.silences.commentFrom(row.title).slice(0, LONGEST),
  }
}

/** Begins one for several alerts: of exactly each of them. */
export function beginFromAll(rows: readonly AlertRow[]): void {
  const [first, ...others] = rows
  if (!first) return
  beginFrom(first)
  if (!draft || !others.length) return
  const comment = en.silences.commentFromAll(first.title, others.length).slice(0, LONGEST)
  draft = { ...draft, about: null, several: rows, comment }
}

/** Begins one from nothing. */
export function beginNew(): void {
  draft = {
    about: null,
    several: [],
    on: ['rule'],
    values: { rule: '', key: '', kind: '', title: '', severity: 'warning' },
    spareCritical: true,
    comment: '',
  }
}
export function endDraft(): void {
  draft = null
}

/** What the engine is asked. */
export function matchersOf(one: Draft, on: readonly Condition[] = one.on): Matchers {
  const text = (name: Condition): string => (on.includes(name) ? one.values[name].trim() : '')
  return {
    rule: text('rule'),
    key: text('key'),
    kind: text('kind'),
    title: text('title'),
    severity: on.includes('severity') ? (one.values.severity as Severity) : null,
    spare_critical: one.spareCritical,
  }
}

/** The same of each silence that comes of it. */
export function allMatchersOf(one: Draft): Matchers[] {
  const exactly = (row: AlertRow): Matchers => ({
    rule: row.rule,
    key: row.key,
    kind: '',
    title: '',
    severity: null,
    spare_critical: one.spareCritical,
  })
  return one.several.length ? one.several.map(exactly) : [matchersOf(one)]
}

/** What silences of different alerts would have hidden together. */
export function together(previews: readonly SilencePreview[]): SilencePreview | null {
  const [first] = previews
  if (!first) return null
  const sum = (of: (one: SilencePreview) => number): number => previews.reduce((all, one) => all + of(one), 0)
  const byId = new Map<string, SilencePreview['shown'][number]>()
  for (const row of previews.flatMap((one) => one.shown)) {
    const known = byId.get(row.id)
    if (!known || row.hidden > known.hidden) byId.set(row.id, row)
  }
  const shown = [...byId.values()].toSorted((a, b) => b.time - a.time)
  return { ...first, hidden: sum((one) => one.hidden), alerts: sum((one) => one.alerts), critical: sum((one) => one.critical), shown }
}

/** Whether it asks for anything. */
export const asksNothing = (m: Matchers): boolean => !m.rule && !m.key && !m.kind && !m.title && m.severity === null

/** `rule security/*, warning`: what it matches, shortly. */
export function shortly(m: Matchers): string {
  const said = (['rule', 'key', 'kind', 'title'] as const).filter((name) => m[name]).map((name) => m[name])
  if (m.severity) said.push(en.severity[m.severity].toLowerCase())
  return said.join(', ')
}

const same = (a: Matchers, b: Matchers): boolean =>
  a.rule === b.rule && a.key === b.key && a.kind === b.kind && a.title === b.title && a.severity === b.severity && a.spare_critical === b.spare_critical

/** Creates it; rejects with the reason it was not. */
export async function silence(matchers: Matchers, until: number, comment: string): Promise<void> {
  await host.silence(matchers, minutesTo(until, now.ms), comment)
  say(en.silences.created(shortly(matchers)), () => void takeBack(matchers, comment))
}

/** Creates one for each; rejects with the reason it was not, and then there is none. */
export async function silenceAll(each: readonly Matchers[], until: number, comment: string): Promise<void> {
  const [only] = each
  if (only && each.length === 1) return silence(only, until, comment)
  const made: Matchers[] = []
  const undo = async (): Promise<void> => {
    for (const matchers of made) await takeBack(matchers, comment)
  }
  try {
    for (const matchers of each) {
      await host.silence(matchers, minutesTo(until, now.ms), comment)
      made.push(matchers)
    }
  } catch (error) {
    await undo()
    throw error
  }
  say(en.silences.createdAll(made.length), () => void undo())
}

async function takeBack(matchers: Matchers, comment: string): Promise<void> {
  try {
    const list = await host.silences()
    const made = list.filter((row) => row.comment === comment.trim() && same(row.matchers, matchers))
    const last = made.toSorted((a, b) => Number(b.id) - Number(a.id))[0]
    if (last) await host.endSilence(last.id)
  } catch (error) {
    sayFailed(error)
  }
}

/** Ends one before its time. */
export async function endSilence(row: SilenceRow): Promise<void> {
  try {
    await host.endSilence(row.id)
    say(en.silences.ended(shortly(row.matchers)), () => {
      host.silence(row.matchers, minutesTo(row.until, now.ms), row.comment).catch((error: unknown) => sayFailed(error))
    })
  } catch (error) {
    sayFailed(error, () => void endSilence(row))
  }
}
