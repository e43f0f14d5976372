import type { ActionId } from '../keys/actions'

const pause = ['snooze', 'mute', 'silence', 'pause', 'quiet', 'do not disturb']

/** What else an action might be called by one who looks for it. */
export const also: Partial<Record<ActionId, readonly string[]>> = {
  'window.snoozeAll': pause,
  'window.snoozeAllShort': pause,
  'window.snoozeAllMorning': pause,
  'window.wake': ['unmute', 'end the snooze', 'notifications'],
  'window.accounts': ['customer', 'tenant', 'endpoint'],
  'window.keys': ['shortcuts', 'help'],
  'window.larger': ['zoom in', 'font'],
  'window.smaller': ['zoom out', 'font'],
  'window.normal': ['zoom', 'font'],
  'alerts.acknowledge': ['seen', 'taken'],
  'alerts.snooze': ['later', 'remind'],
  'alerts.silence': ['mute', 'suppress'],
  'alerts.noise': ['false alarm', 'false positive'],
  'alerts.case': ['test'],
  'go.connections': ['key', 'topics', 'accounts', 'endpoint'],
  'go.history': ['past', 'export'],
  'go.settings': ['preferences', 'theme', 'quiet hours', 'sound', 'storage', 'licences'],
}
