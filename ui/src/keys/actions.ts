// Every action of the window that has a key: one table, from which the keys table, the palette and the keycaps are drawn.
// A key is written `Ctrl+K`, `Shift+Z`, `/`, `Space`, `Up`. On macOS `Ctrl` also answers to Command.

/** Where an action's keys count. Only one view is open at a time, so two views may share a key. */
export type Scope = 'anywhere' | 'dialog' | 'alerts' | 'live' | 'rules' | 'connections' | 'history' | 'settings' | 'first_run'

/** A view in which the keys of another count, too: past alerts are alerts, and an account is written as in the first run. */
export const alsoIn: Partial<Record<Scope, Scope>> = { history: 'alerts', connections: 'first_run' }

export interface Action {
  scope: Scope
  keys: readonly string[]
  /** Also counts while a text field has the focus. Anything with Ctrl or Alt, and Escape, should. */
  inText?: boolean
  /** Not offered by the palette: it only moves about, or opens the palette itself. */
  quiet?: boolean
}

const table = {
  'go.alerts': { scope: 'anywhere', keys: ['1'] },
  'go.live': { scope: 'anywhere', keys: ['2'] },
  'go.rules': { scope: 'anywhere', keys: ['3'] },
  'go.connections': { scope: 'anywhere', keys: ['4'] },
  'go.history': { scope: 'anywhere', keys: ['5'] },
  'go.settings': { scope: 'anywhere', keys: ['6', 'Ctrl+,'] },
  'window.palette': { scope: 'anywhere', keys: ['Ctrl+K'], inText: true, quiet: true },
  'window.keys': { scope: 'anywhere', keys: ['?'] },
  'window.retry': { scope: 'anywhere', keys: ['F5'], inText: true, quiet: true },
  'window.dismiss': { scope: 'anywhere', keys: ['Ctrl+.'], inText: true, quiet: true },
  'window.undo': { scope: 'anywhere', keys: ['Ctrl+Z'], quiet: true },
  'window.larger': { scope: 'anywhere', keys: ['Ctrl++', 'Ctrl+='], inText: true },
  'window.smaller': { scope: 'anywhere', keys: ['Ctrl+-'], inText: true },
  'window.normal': { scope: 'anywhere', keys: ['Ctrl+0'], inText: true },
  'window.snoozeAll': { scope: 'anywhere', keys: ['Ctrl+Shift+Z'] },
  'window.snoozeAllShort': { scope: 'anywhere', keys: ['Ctrl+Alt+Z'] },
  'window.snoozeAllMorning': { scope: 'anywhere', keys: ['Ctrl+Alt+Shift+Z'] },
  'window.wake': { scope: 'anywhere', keys: ['Alt+W'] },
  'go.silences': { scope: 'anywhere', keys: ['Ctrl+Shift+S'] },
  'window.accounts': { scope: 'anywhere', keys: ['Ctrl+Shift+A'], inText: true },
  'window.quit': { scope: 'anywhere', keys: ['Ctrl+Q'], inText: true },

  'dialog.close': { scope: 'dialog', keys: ['Escape'], inText: true, quiet: true },
  'dialog.do': { scope: 'dialog', keys: ['Ctrl+Enter'], inText: true, quiet: true },
  'dialog.more': { scope: 'dialog', keys: ['Alt+L'], inText: true, quiet: true },

  'alerts.filter': { scope: 'alerts', keys: ['/'], quiet: true },
  'alerts.next': { scope: 'alerts', keys: ['Down', 'J'], quiet: true },
  'alerts.previous': { scope: 'alerts', keys: ['Up', 'K'], quiet: true },
  'alerts.open': { scope: 'alerts', keys: ['Enter'], quiet: true },
  'alerts.back': { scope: 'alerts', keys: ['Escape'], quiet: true },
  'alerts.acknowledge': { scope: 'alerts', keys: ['A'] },
  'alerts.snooze': { scope: 'alerts', keys: ['Z'] },
  'alerts.snoozeShort': { scope: 'alerts', keys: ['Alt+Z'] },
  'alerts.snoozeMorning': { scope: 'alerts', keys: ['Shift+Z'] },
  'alerts.silence': { scope: 'alerts', keys: ['S'] },
  'alerts.silenceKey': { scope: 'alerts', keys: ['Shift+S'] },
  'alerts.useful': { scope: 'alerts', keys: ['+', 'U'] },
  'alerts.noise': { scope: 'alerts', keys: ['-', 'N'] },
  'alerts.case': { scope: 'alerts', keys: ['C'] },
  'alerts.rule': { scope: 'alerts', keys: ['E'] },
  'alerts.live': { scope: 'alerts', keys: ['L'] },
  'alerts.group': { scope: 'alerts', keys: ['G'] },
  'alerts.coverage': { scope: 'alerts', keys: ['V'] },
  'alerts.pick': { scope: 'alerts', keys: ['X'], quiet: true },
  'alerts.before': { scope: 'alerts', keys: [','], quiet: true },
  'alerts.after': { scope: 'alerts', keys: ['.'], quiet: true },
  'alerts.endSilence': { scope: 'alerts', keys: ['Shift+E'] },
  'alerts.retry': { scope: 'alerts', keys: ['T'] },

  'live.filter': { scope: 'live', keys: ['/'], quiet: true },
  'live.pause': { scope: 'live', keys: ['Space'] },
  'live.next': { scope: 'live', keys: ['Down', 'J'], quiet: true },
  'live.previous': { scope: 'live', keys: ['Up', 'K'], quiet: true },
  'live.newest': { scope: 'live', keys: ['End'] },
  'live.back': { scope: 'live', keys: ['Escape'], quiet: true },
  'live.only': { scope: 'live', keys: ['F'] },
  'live.without': { scope: 'live', keys: ['X'] },
  'live.rule': { scope: 'live', keys: ['M'] },
  'live.alert': { scope: 'live', keys: ['O'] },
  'live.why': { scope: 'live', keys: ['W'] },

  'rules.new': { scope: 'rules', keys: ['N'] },
  'rules.list': { scope: 'rules', keys: ['Shift+N'] },
  'rules.save': { scope: 'rules', keys: ['Ctrl+S'], inText: true },
  'rules.filter': { scope: 'rules', keys: ['/'], quiet: true },
  'rules.next': { scope: 'rules', keys: ['Down', 'J'], quiet: true },
  'rules.previous': { scope: 'rules', keys: ['Up', 'K'], quiet: true },
  'rules.write': { scope: 'rules', keys: ['Enter'], quiet: true },
  'rules.past': { scope: 'rules', keys: ['P'] },
  'rules.cases': { scope: 'rules', keys: ['C'] },
  'rules.explain': { scope: 'rules', keys: ['E'] },
  'rules.case': { scope: 'rules', keys: ['H'] },
  'rules.back': { scope: 'rules', keys: ['Escape'], inText: true, quiet: true },
  'rules.duplicate': { scope: 'rules', keys: ['D'] },
  'rules.rename': { scope: 'rules', keys: ['F2'] },
  'rules.delete': { scope: 'rules', keys: ['Delete'] },
  'rules.revert': { scope: 'rules', keys: ['Ctrl+Shift+R'], inText: true },
  'rules.about': { scope: 'rules', keys: ['I'] },
  'rules.switch': { scope: 'rules', keys: ['O'] },
  'rules.resume': { scope: 'rules', keys: ['R'] },
  'rules.add': { scope: 'rules', keys: ['A'] },
  'rules.event': { scope: 'rules', keys: ['V'] },
  'rules.newer': { scope: 'rules', keys: [','], quiet: true },
  'rules.older': { scope: 'rules', keys: ['.'], quiet: true },
  'rules.makeCase': { scope: 'rules', keys: ['M'] },
  'rules.live': { scope: 'rules', keys: ['L'] },
  'rules.finding': { scope: 'rules', keys: ['F8'], inText: true, quiet: true },
  'rules.compare': { scope: 'rules', keys: ['Alt+C'], inText: true },
  'rules.theirs': { scope: 'rules', keys: ['Alt+T'], inText: true },
  'rules.mine': { scope: 'rules', keys: ['Alt+M'], inText: true },
  'rules.folder': { scope: 'rules', keys: ['Ctrl+O'], inText: true },

  'connections.reconnect': { scope: 'connections', keys: ['R'] },
  'connections.retry': { scope: 'connections', keys: ['T'] },
  'connections.ask': { scope: 'connections', keys: ['A'] },
  'connections.account': { scope: 'connections', keys: ['C'] },
  'connections.add': { scope: 'connections', keys: ['N'] },
  'connections.leaveDemo': { scope: 'connections', keys: ['L'] },
  'connections.replace': { scope: 'connections', keys: ['K'] },

  'history.export': { scope: 'history', keys: ['Ctrl+E'], inText: true },
  'history.pick': { scope: 'history', keys: ['P'] },
  'history.longer': { scope: 'history', keys: [']'] },
  'history.shorter': { scope: 'history', keys: ['['] },
  'history.all': { scope: 'history', keys: ['H'] },
  'history.clear': { scope: 'history', keys: ['Shift+C'] },

  'settings.test': { scope: 'settings', keys: ['T'] },
  'settings.diagnose': { scope: 'settings', keys: ['D'] },
  'settings.silence': { scope: 'settings', keys: ['N'] },
  'settings.next': { scope: 'settings', keys: ['J'], quiet: true },
  'settings.previous': { scope: 'settings', keys: ['K'], quiet: true },
  'settings.weeknights': { scope: 'settings', keys: ['W'] },
  'settings.noQuiet': { scope: 'settings', keys: ['C'] },
  'settings.maintenance': { scope: 'settings', keys: ['M'] },
  'settings.data': { scope: 'settings', keys: ['O'] },
  'settings.rules': { scope: 'settings', keys: ['Ctrl+O'], inText: true },
  'settings.forget': { scope: 'settings', keys: ['F'] },

  'first_run.demo': { scope: 'first_run', keys: ['D'] },
  'first_run.test': { scope: 'first_run', keys: ['Ctrl+T'], inText: true },
  'first_run.stop': { scope: 'first_run', keys: ['Escape'], inText: true, quiet: true },
  'first_run.start': { scope: 'first_run', keys: ['Ctrl+Enter'], inText: true },
  'first_run.authority': { scope: 'first_run', keys: ['Alt+A'], inText: true, quiet: true },
  'first_run.file': { scope: 'first_run', keys: ['Alt+F'], inText: true, quiet: true },
  'first_run.leave': { scope: 'first_run', keys: ['Alt+O'], inText: true, quiet: true },
  'first_run.keyring': { scope: 'first_run', keys: ['Alt+K'], inText: true },
  'first_run.hold': { scope: 'first_run', keys: ['Alt+H'], inText: true },
} as const satisfies Record<string, Action>

export type ActionId = keyof typeof table

/** The table. */
export const actions: Record<ActionId, Action> = table

/** All names, in the order they are shown. */
export const actionIds = Object.keys(table) as ActionId[]

/** The first key of an action: what its button shows. */
export const keyOf = (id: ActionId): string => actions[id].keys[0]!
