// The list of alerts: what is shown, what is chosen, and what was done to them.
import { host, onPush, type AlertRow, type AlertTab, type HostError, type Severity, type Verdict } from '../host'
import { asHostError } from '../host/error'
import { en } from '../text/en'
import { momentShort } from '../text/time'
import { minutesTo } from '../text/until'
import { nav } from './nav.svelte'
import { now } from './now.svelte'
import { say, sayFailed } from './toasts.svelte'

/** So many are asked for at most. */
export const LIMIT = 500
/** The list is asked for again this long after a change, in ms, so that a storm asks once. */
const SETTLE = 250

export type Grouping = 'severity' | 'rule' | 'device' | 'time'
/** In the order in which a key goes through them. */
const GROUPINGS: readonly Grouping[] = ['severity', 'rule', 'device', 'time']

let tab = $state<AlertTab>('active')
let text = $state('')
let grouping = $state<Grouping>('severity')
let rows = $state.raw<AlertRow[]>([])
let counts = $state({ active: 0, resolved: 0, all: 0 })
let loaded = $state(false)
let failed = $state<HostError | null>(null)
let picked = $state.raw<ReadonlySet<string>>(new Set())
/** Goes up with each change the engine tells about an alert: what is drawn from a detail asks again. */
let changes = $state.raw<ReadonlyMap<string, number>>(new Map())

const rank: Record<Severity, number> = { critical: 0, warning: 1, info: 2 }
const stateRank = { firing: 0, pending: 1, acknowledged: 2, snoozed: 3, silenced: 4, resolved: 5 } as const

/** The moment an alert is dated by. */
export const dated = (row: AlertRow): number => row.resolved ?? row.fired ?? row.since

/** What it is about: all alerts of one rule, or of one key, stand together. */
export const groupOf = (row: AlertRow, by: Grouping): string => (by === 'rule' ? row.rule : by === 'device' ? row.key : '')

const urgent = (a: AlertRow, b: AlertRow): number =>
  rank[a.severity] - rank[b.severity] || stateRank[a.state] - stateRank[b.state] || dated(b) - dated(a)

/**
 * Sorts as the list shows them: by severity, then what needs you, then the newest; or by time alone. Of rules and devices
 * the one with the most urgent alert comes first.
 */
export function arrange(list: readonly AlertRow[], by: Grouping): AlertRow[] {
  if (by === 'time') return list.toSorted((a, b) => dated(b) - dated(a))
  const sorted = list.toSorted(urgent)
  if (by === 'severity') return sorted
  const first = new Map<string, number>()
  sorted.forEach((row, at) => first.set(groupOf(row, by), first.get(groupOf(row, by)) ?? at))
  return sorted.toSorted((a, b) => (first.get(groupOf(a, by)) ?? 0) - (first.get(groupOf(b, by)) ?? 0))
}

const arranged = $derived(arrange(rows, grouping))

export const alerts = {
  get tab(): AlertTab {
    return tab
  },
  get text(): string {
    return text
  },
  get grouping(): Grouping {
    return grouping
  },
  /** In the order they are shown. */
  get rows(): AlertRow[] {
    return arranged
  },
  get counts() {
    return counts
  },
  /** Whether the first answer came. */
  get loaded(): boolean {
    return loaded
  },
  get failed(): HostError | null {
    return failed
  },
  get picked(): ReadonlySet<string> {
    return picked
  },
  get chosen(): AlertRow | undefined {
    return arranged.find((row) => row.id === nav.alert)
  },
  /** How often the engine told of a change to this alert. */
  changesOf(id: string): number {
    return changes.get(id) ?? 0
  },
}

let asked = 0

/** Asks for the list. Only the latest answer counts. */
export async function reload(): Promise<void> {
  const mine = ++asked
  try {
    const list = await host.alerts(tab, text.trim(), LIMIT)
    if (mine !== asked) return
    rows = list.alerts
    counts = { active: list.active, resolved: list.resolved, all: list.all }
    failed = null
    const there = new Set(rows.map((row) => row.id))
    if ([...picked].some((id) => !there.has(id))) picked = new Set([...picked].filter((id) => there.has(id)))
  } catch (error) {
    if (mine === asked) failed = asHostError(error)
  } finally {
    if (mine === asked) loaded = true
  }
}

let timer: ReturnType<typeof setTimeout> | undefined
/** Asks for the list again soon: something that bears on it changed. */
export function reloadSoon(): void {
  timer ??= setTimeout(() => {
    timer = undefined
    void reload()
  }, SETTLE)
}

/** Lets go of what is known: it was of a log that is not asked any more. */
function letGo(): void {
  asked += 1
  rows = []
  counts = { active: 0, resolved: 0, all: 0 }
  loaded = false
  failed = null
  picked = new Set()
  changes = new Map()
  nav.alert = null
}

/** Listens for changes; the returned function stops, and forgets the list. */
export function followAlerts(): () => void {
  const stop = onPush('alerts', (push) => {
    const changed = new Map(push.value.map((row) => [row.id, row]))
    if (rows.some((row) => changed.has(row.id))) rows = rows.map((row) => changed.get(row.id) ?? row)
    const counted = new Map(changes)
    for (const id of changed.keys()) counted.set(id, (counted.get(id) ?? 0) + 1)
    changes = counted
    reloadSoon()
  })
  // The window may be there before the session is: then it is asked again.
  const stopWaiting = onPush('status', () => {
    if (failed) reloadSoon()
  })
  void reload()
  return () => {
    stop()
    stopWaiting()
    clearTimeout(timer)
    timer = undefined
    letGo()
  }
}

export function chooseTab(to: AlertTab): void {
  tab = to
  picked = new Set()
  void reload()
}
export function filterBy(words: string): void {
  text = words
  reloadSoon()
}
export function toggleGrouping(): void {
  grouping = GROUPINGS[(GROUPINGS.indexOf(grouping) + 1) % GROUPINGS.length] ?? 'severity'
}
export function pick(id: string): void {
  const next = new Set(picked)
  if (!next.delete(id)) next.add(id)
  picked = next
}
export function unpickAll(): void {
  picked = new Set()
}

/** Chooses the alert `step` places on; the first or last when none is chosen. */
export function chooseBy(step: 1 | -1): void {
  const list = arranged
  if (!list.length) return
  const at = list.findIndex((row) => row.id === nav.alert)
  const next = at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.max(0, Math.min(list.length - 1, at + step))
  nav.alert = list[next]?.id ?? null
}

/** What an action is about: those that are selected, else the one that is open. */
export function subjects(): AlertRow[] {
  if (picked.size) return arranged.filter((row) => picked.has(row.id))
  const one = alerts.chosen
  return one ? [one] : []
}

async function act(doing: () => Promise<void>, words: string, undo: () => Promise<void>): Promise<void> {
  try {
    await doing()
    say(words, () => void undo().catch((error: unknown) => sayFailed(error)))
    picked = new Set()
  } catch (error) {
    sayFailed(error, () => void act(doing, words, undo))
  }
}

const unresolved = (list: readonly AlertRow[]): AlertRow[] => list.filter((row) => row.state !== 'resolved')

const needsYou = (row: AlertRow): boolean =>
  row.state === 'firing' || row.state === 'snoozed' || row.state === 'silenced'

/** Those of which pop-ups can be hidden: a digest tells of what nothing hid. */
export const canBeSilenced = (list: readonly AlertRow[]): AlertRow[] => list.filter((row) => row.rule !== 'tocsin/digest')

/** Whether acknowledging would do anything. */
export const canAcknowledge = (list: readonly AlertRow[]): boolean =>
  list.some(needsYou)

/** Acknowledges those that need it; when all are acknowledged, takes that back. */
export function acknowledge(list = subjects()): void {
  const open = list.filter(needsYou).map((row) => row.id)
  if (open.length) {
    void act(
      () => host.acknowledge(open),
      en.alerts.acknowledged(open.length),
      () => host.unacknowledge(open),
    )
    return
  }
  const held = list.filter((row) => row.state === 'acknowledged').map((row) => row.id)
  if (held.length) {
    void act(
      () => host.unacknowledge(held),
      en.alerts.unacknowledged(held.length),
      () => host.acknowledge(held),
    )
  }
}

/** Those that can be judged: what has not fired has told nobody anything. */
const judgeable = (list: readonly AlertRow[]): AlertRow[] => list.filter((row) => row.state !== 'pending')

/** Whether any of them can be judged. */
export const canJudge = (list: readonly AlertRow[]): boolean => judgeable(list).length > 0

/** Whether all of them are judged so already: then judging takes it back. */
export const isJudged = (list: readonly AlertRow[], verdict: Verdict): boolean =>
  canJudge(list) && judgeable(list).every((row) => row.verdict === verdict)

/** Says that they were useful, or noise; when that was said of all, takes it back. */
export function judge(verdict: Verdict, list = subjects()): void {
  const back = isJudged(list, verdict)
  const open = judgeable(list).filter((row) => back || row.verdict !== verdict)
  if (!open.length) return
  void act(
    () => host.judge(
      open.map((row) => row.id),
      back ? null : verdict,
    ),
    back ? en.judging.back(open.length) : en.judging.done(open.length, verdict),
    async () => {
      for (const before of new Set(open.map((row) => row.verdict))) {
        await host.judge(
          open.filter((row) => row.verdict === before).map((row) => row.id),
          before,
        )
      }
    },
  )
}

/** Snoozes for an hour; when all are snoozed, ends that. */
export function snooze(list = subjects()): void {
  const open = unresolved(list)
  const awake = open.filter((row) => row.state !== 'snoozed')
  if (awake.length) snoozeFor(60, awake)
  else if (open.length) wake(open)
}

/** Snoozes for so many minutes, those too that are snoozed for another time. */
export function snoozeFor(minutes: number, list = subjects()): void {
  const ids = unresolved(list).map((row) => row.id)
  if (!ids.length) return
  void act(
    () => host.snooze(ids, minutes),
    en.alerts.snoozed(ids.length, momentShort(now.ms + minutes * 60_000, now.ms)),
    asTheyWere(unresolved(list)),
  )
}

/** Takes a snooze back: each alert is snoozed as long as it was before, or awake. */
function asTheyWere(list: readonly AlertRow[]): () => Promise<void> {
  return async () => {
    for (const until of new Set(list.map((row) => row.snoozed_until ?? 0))) {
      const ids = list.filter((row) => (row.snoozed_until ?? 0) === until).map((row) => row.id)
      await host.snooze(ids, until > now.ms ? minutesTo(until, now.ms) : 0)
    }
  }
}

function wake(list: readonly AlertRow[]): void {
  const ids = list.map((row) => row.id)
  void act(
    () => host.snooze(ids, 0),
    en.alerts.woken(ids.length),
    asTheyWere(list),
  )
}
