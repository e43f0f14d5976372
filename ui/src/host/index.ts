// The only door to the engine. Nothing else in the window talks to the shell.
import type { AccountDraft } from './bindings/AccountDraft'
import type { AlertCase } from './bindings/AlertCase'
import type { AlertDetail } from './bindings/AlertDetail'
import type { AlertList } from './bindings/AlertList'
import type { AlertTab } from './bindings/AlertTab'
import type { AppState } from './bindings/AppState'
import type { AuthorityRead } from './bindings/AuthorityRead'
import type { CasesRun } from './bindings/CasesRun'
import type { Diagnostic } from './bindings/Diagnostic'
import type { EndpointRead } from './bindings/EndpointRead'
import type { EventDetail } from './bindings/EventDetail'
import type { EventRow } from './bindings/EventRow'
import type { Explained } from './bindings/Explained'
import type { Exported } from './bindings/Exported'
import type { ExportFormat } from './bindings/ExportFormat'
import type { Folder } from './bindings/Folder'
import type { HistoryOverview } from './bindings/HistoryOverview'
import type { HistoryPage } from './bindings/HistoryPage'
import type { HistoryQuery } from './bindings/HistoryQuery'
import type { KeyPlace } from './bindings/KeyPlace'
import type { KeyRead } from './bindings/KeyRead'
import type { LetThrough } from './bindings/LetThrough'
import type { LiveBatch } from './bindings/LiveBatch'
import type { Matchers } from './bindings/Matchers'
import type { Noise } from './bindings/Noise'
import type { NoisePreview } from './bindings/NoisePreview'
import type { PopupAccount } from './bindings/PopupAccount'
import type { Push } from './bindings/Push'
import type { Request } from './bindings/Request'
import type { Response } from './bindings/Response'
import type { ListRow } from './bindings/ListRow'
import type { ListText } from './bindings/ListText'
import type { RuleDetail } from './bindings/RuleDetail'
import type { RuleRow } from './bindings/RuleRow'
import type { SeenValues } from './bindings/SeenValues'
import type { Settings } from './bindings/Settings'
import type { ShellState } from './bindings/ShellState'
import type { SilencePreview } from './bindings/SilencePreview'
import type { SilenceRow } from './bindings/SilenceRow'
import type { StorageUsed } from './bindings/StorageUsed'
import type { Template } from './bindings/Template'
import type { Topic } from './bindings/Topic'
import type { Verdict } from './bindings/Verdict'
import type { Vocabulary } from './bindings/Vocabulary'
import { asHostError, HostError } from './error'

export type * from './types'
export { HostError } from './error'

/** How requests travel and pushes come back. */
export interface Door {
  call(request: Request): Promise<Response>
  /** From now on every batch of pushes goes to `take`. */
  subscribe(take: (pushes: Push[]) => void): Promise<void>
}

let door: Promise<Door> | undefined

/** The way in: the shell when there is one; a played afternoon in a plain browser during development. */
async function openDoor(): Promise<Door> {
  if ('__TAURI_INTERNALS__' in globalThis) {
    const { shellDoor } = await import('./shell')
    return shellDoor
  }
  if (import.meta.env.DEV) {
    const { mockDoor } = await import('./mock')
    return mockDoor()
  }
  throw new HostError('no-shell', 'This page belongs to Tocsin and does nothing by itself.', 'Start Tocsin.')
}

/** Puts another way in in place of the real one: for tests. */
export function useDoor(other: Door): void {
  door = Promise.resolve(other)
}

type Answer<T extends Response['type']> = Extract<Response, { type: T }>

/** Asks, and insists on the kind of answer the request has. */
async function ask<T extends Response['type']>(request: Request, ...kinds: T[]): Promise<Answer<T>> {
  let response: Response
  try {
    door ??= openDoor()
    response = await (await door).call(request)
  } catch (error) {
    throw asHostError(error)
  }
  if (!(kinds as string[]).includes(response.type)) {
    throw new HostError(
      'unexpected-answer',
      `Tocsin's window asked for ${request.type} and was answered ${response.type}.`,
      'Close Tocsin and start it again.',
    )
  }
  return response as Answer<T>
}

const done = async (request: Request): Promise<void> => {
  await ask(request, 'done')
}

/** The value of each kind of answer that has one. */
type Values = { [R in Response as R extends { value: unknown } ? R['type'] : never]: R extends { value: infer V } ? V : never }

const value = async <T extends keyof Values>(request: Request, kind: T): Promise<Values[T]> =>
  ((await ask(request, kind)) as unknown as { value: Values[T] }).value

/** What saving a rule came to. */
export type Saving = Extract<Response, { type: 'saved' } | { type: 'conflict' }>

/** Everything the window can ask. Each rejects with a [`HostError`] that says what happened and what to do. */
export const host = {
  state: (): Promise<AppState> => value({ type: 'state' }, 'state'),

  readEndpoint: (endpoint: string): Promise<EndpointRead> => value({ type: 'read_endpoint', endpoint }, 'endpoint'),
  readKey: (key: string): Promise<KeyRead> => value({ type: 'read_key', key }, 'key'),
  readAuthority: (pem: string): Promise<AuthorityRead> => value({ type: 'read_authority', pem }, 'authority'),
  testConnection: (draft: AccountDraft) => done({ type: 'test_connection', draft }),
  stopTest: () => done({ type: 'stop_test' }),
  connect: (draft: AccountDraft): Promise<AppState> => value({ type: 'connect', draft }, 'state'),
  switchAccount: (id: string): Promise<AppState> => value({ type: 'switch_account', id }, 'state'),
  forgetAccount: (id: string): Promise<AppState> => value({ type: 'forget_account', id }, 'state'),
  startDemo: (): Promise<AppState> => value({ type: 'start_demo' }, 'state'),
  leaveDemo: (): Promise<AppState> => value({ type: 'leave_demo' }, 'state'),
  setTopic: (topic: Topic, on: boolean) => done({ type: 'set_topic', topic, on }),
  retry: (topic: Topic) => done({ type: 'retry', topic }),
  reconnectAll: () => done({ type: 'reconnect_all' }),
  askForKey: () => done({ type: 'ask_for_key' }),
  replaceKey: (key: string, keep: KeyPlace) => done({ type: 'replace_key', key, keep }),

  alerts: (tab: AlertTab, text: string, limit: number): Promise<AlertList> =>
    value({ type: 'alerts', tab, text, limit }, 'alerts'),
  alert: (id: string): Promise<AlertDetail> => value({ type: 'alert', id }, 'alert'),
  /** Alerts of the past behind that one (`null`: from the latest). */
  history: (query: HistoryQuery, after: string | null, limit: number): Promise<HistoryPage> =>
    value({ type: 'history', query, after, limit }, 'history'),
  historyOverview: (query: HistoryQuery): Promise<HistoryOverview> =>
    value({ type: 'history_overview', query }, 'history_overview'),
  /** Findings about a filter of the history; empty when it is one. */
  checkHistoryFilter: (filter: string): Promise<Diagnostic[]> => value({ type: 'check_history_filter', filter }, 'findings'),
  /** Writes them to a new file. */
  exportHistory: (query: HistoryQuery, format: ExportFormat, utc: boolean): Promise<Exported> =>
    value({ type: 'export_history', query, format, utc }, 'exported'),
  acknowledge: (ids: string[]) => done({ type: 'acknowledge', ids }),
  unacknowledge: (ids: string[]) => done({ type: 'unacknowledge', ids }),
  /** No pop-ups of these for so long; 0 ends a snooze. */
  snooze: (ids: string[], minutes: number) => done({ type: 'snooze', ids, minutes }),
  /** They were useful, or noise; `null` takes that back. */
  judge: (ids: string[], verdict: Verdict | null) => done({ type: 'judge', ids, verdict }),
  /** No pop-ups at all for so long; 0 ends it. */
  snoozeAll: (minutes: number) => done({ type: 'snooze_all', minutes }),

  silences: (): Promise<SilenceRow[]> => value({ type: 'silences' }, 'silences'),
  /** What such a silence would have hidden in the past week. */
  previewSilence: (matchers: Matchers): Promise<SilencePreview> =>
    value({ type: 'preview_silence', matchers }, 'silence_preview'),
  silence: (matchers: Matchers, minutes: number, comment: string) =>
    done({ type: 'silence', matchers, minutes, comment }),
  endSilence: (id: string) => done({ type: 'end_silence', id }),
  /** What such settings would have done in the past week. */
  previewNoise: (noise: Noise): Promise<NoisePreview> => value({ type: 'preview_noise', noise }, 'noise_preview'),
  /** Where every match went. */
  popupAccount: (): Promise<PopupAccount> => value({ type: 'popup_account' }, 'popup_account'),

  /** Follows what passes the filter (empty: all); answers with the latest, more come as pushes. */
  follow: (filter: string): Promise<LiveBatch> => value({ type: 'follow', filter }, 'live'),
  unfollow: () => done({ type: 'unfollow' }),
  /** Findings about a filter; empty when it is one. */
  checkFilter: (filter: string): Promise<Diagnostic[]> => value({ type: 'check_filter', filter }, 'findings'),
  /** Events of the log, newest first, of these kinds or topics (none: all), before one of them (`null`: the latest). */
  events: (on: readonly string[], filter: string, before: string | null, limit: number): Promise<EventRow[]> =>
    value({ type: 'events', on: [...on], filter, before, limit }, 'events'),
  event: (id: string): Promise<EventDetail> => value({ type: 'event', id }, 'event'),

  rules: (): Promise<RuleRow[]> => value({ type: 'rules' }, 'rules'),
  rule: (name: string): Promise<RuleDetail> => value({ type: 'rule', name }, 'rule'),
  checkRule: (name: string, text: string): Promise<Diagnostic[]> =>
    value({ type: 'check_rule', name, text }, 'findings'),
  saveRule: (name: string, text: string, base: string | null): Promise<Saving> =>
    ask({ type: 'save_rule', name, text, base }, 'saved', 'conflict'),
  /** The cases beside a rule; an empty text takes the file away. */
  saveCases: (name: string, text: string, base: string | null): Promise<Saving> =>
    ask({ type: 'save_cases', name, text, base }, 'saved', 'conflict'),
  /** What the cases say of the rule, both as they stand in the editor. */
  runCases: (name: string, text: string, cases: string): Promise<CasesRun> =>
    value({ type: 'run_cases', name, text, cases }, 'cases_run'),
  /** The cases with one more, made of an event of the log. */
  caseFromEvent: (name: string, text: string, cases: string, event: string): Promise<string> =>
    value({ type: 'case_from_event', name, text, cases, event }, 'cases'),
  /** The cases with one more, made of the events that raised an alert: it expects what was said of that. */
  caseFromAlert: (name: string, text: string, cases: string, alert: string): Promise<AlertCase> =>
    value({ type: 'case_from_alert', name, text, cases, alert }, 'alert_case'),
  /** The cases with what the one at `line` expects replaced by what happens. */
  expectNow: (name: string, text: string, cases: string, line: number): Promise<string> =>
    value({ type: 'expect_now', name, text, cases, line }, 'cases'),
  /** The lists that rules ask. */
  lists: (): Promise<ListRow[]> => value({ type: 'lists' }, 'lists'),
  list: (name: string, csv: boolean): Promise<ListText> => value({ type: 'list', name, csv }, 'list'),
  saveList: (name: string, csv: boolean, text: string, base: string | null): Promise<Saving> =>
    ask({ type: 'save_list', name, csv, text, base }, 'saved', 'conflict'),
  /** Deletes its file, and answers with its text, for an undo. */
  deleteList: async (name: string, csv: boolean): Promise<string> =>
    (await value({ type: 'delete_list', name, csv }, 'deleted')).text,
  enableRule: (name: string, on: boolean) => done({ type: 'enable_rule', name, on }),
  /** Deletes the file and its cases, and answers with their texts, for an undo. */
  deleteRule: (name: string): Promise<{ text: string; cases: string | null }> => value({ type: 'delete_rule', name }, 'deleted'),
  /** Brings back what was deleted. */
  restoreRule: async (name: string, text: string, cases: string | null): Promise<void> => {
    await value({ type: 'restore_rule', name, text, cases }, 'saved')
  },
  /** Tries a text as that rule on a stretch of the log; news come as `backtest` pushes under the number `run`. */
  backtest: (run: number, rule: string, text: string, from: number | null, to: number | null) =>
    done({ type: 'backtest', run, rule, text, from, to }),
  /** How many events of a stretch of the log each clause of a text lets through, as that rule. */
  letThrough: (rule: string, text: string, from: number | null, to: number | null): Promise<LetThrough> =>
    value({ type: 'let_through', rule, text, from, to }, 'let_through'),
  stopBacktest: () => done({ type: 'stop_backtest' }),
  /** Why a rule (as it stands in the editor, if `text` is given) does what it does with an event of the log. */
  explain: (rule: string, event: string, text: string | null = null): Promise<Explained> =>
    value({ type: 'explain', rule, event, text }, 'explanation'),
  renameRule: (name: string, to: string) => done({ type: 'rename_rule', name, to }),
  resumeRule: (name: string) => done({ type: 'resume_rule', name }),
  templates: (): Promise<Template[]> => value({ type: 'templates' }, 'templates'),
  /** A rule to begin with, made of an event, with a case of it. */
  ruleFromEvent: (event: string): Promise<Template> => value({ type: 'rule_from_event', event }, 'template'),
  vocabulary: (): Promise<Vocabulary> => value({ type: 'vocabulary' }, 'vocabulary'),
  /** What to write in the place of a finding of that text; `null` where nothing is sure to mend it. */
  fix: (name: string, text: string, finding: Diagnostic): Promise<string | null> =>
    value({ type: 'fix_rule', name, text, finding }, 'fix'),
  /** What a field held in the latest events of these kinds or topics. */
  seen: (on: string[], field: string): Promise<SeenValues> => value({ type: 'seen', on, field }, 'seen'),

  saveSettings: (settings: Settings) => done({ type: 'save_settings', settings }),
  /** How much is stored. */
  storage: (): Promise<StorageUsed> => value({ type: 'storage' }, 'storage'),
  /** Writes what helps to find a fault to a new file, and answers with its path. */
  saveDiagnostics: (): Promise<string> => value({ type: 'save_diagnostics' }, 'written'),
  testNotification: () => done({ type: 'test_notification' }),
  shell: (): Promise<ShellState> => value({ type: 'shell' }, 'shell'),
  startAtLogin: (on: boolean): Promise<ShellState> => value({ type: 'start_at_login', on }, 'shell'),
  openFolder: (folder: Folder) => done({ type: 'open_folder', folder }),
  quit: () => done({ type: 'quit' }),
}

const listeners = new Map<Push['type'], Set<(push: never) => void>>()
let subscribed = false

function take(pushes: Push[]): void {
  for (const push of pushes) {
    for (const listener of listeners.get(push.type) ?? []) (listener as (push: Push) => void)(push)
  }
}

/** Hears one type of push from now on; the returned function ends it. */
export function onPush<T extends Push['type']>(
  type: T,
  listener: (push: Extract<Push, { type: T }>) => void,
): () => void {
  let set = listeners.get(type)
  if (!set) listeners.set(type, (set = new Set()))
  const held = listener as (push: never) => void
  set.add(held)
  return () => set.delete(held)
}

/** Begins to hear pushes. Once for the life of the page. */
export async function subscribe(): Promise<void> {
  if (subscribed) return
  subscribed = true
  try {
    door ??= openDoor()
    await (await door).subscribe(take)
  } catch (error) {
    subscribed = false
    throw asHostError(error)
  }
}
