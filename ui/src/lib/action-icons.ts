// The sign of an action in the palette: what it does at a glance. Others wear the palette's own dot.
import Activity from '@lucide/svelte/icons/activity'
import BellOff from '@lucide/svelte/icons/bell-off'
import BellRing from '@lucide/svelte/icons/bell-ring'
import Cable from '@lucide/svelte/icons/cable'
import Check from '@lucide/svelte/icons/check'
import Clock from '@lucide/svelte/icons/clock'
import Download from '@lucide/svelte/icons/download'
import FileCode from '@lucide/svelte/icons/file-code'
import FlaskConical from '@lucide/svelte/icons/flask-conical'
import FolderOpen from '@lucide/svelte/icons/folder-open'
import History from '@lucide/svelte/icons/history'
import Keyboard from '@lucide/svelte/icons/keyboard'
import Layers from '@lucide/svelte/icons/layers'
import Pause from '@lucide/svelte/icons/pause'
import Plus from '@lucide/svelte/icons/plus'
import Power from '@lucide/svelte/icons/power'
import RotateCw from '@lucide/svelte/icons/rotate-cw'
import Save from '@lucide/svelte/icons/save'
import Telescope from '@lucide/svelte/icons/telescope'
import ThumbsDown from '@lucide/svelte/icons/thumbs-down'
import ThumbsUp from '@lucide/svelte/icons/thumbs-up'
import Trash from '@lucide/svelte/icons/trash-2'
import Type from '@lucide/svelte/icons/type'
import type { Component } from 'svelte'

import type { ActionId } from '../keys/actions'

const icons: Partial<Record<ActionId, Component>> = {
  'go.silences': BellOff,
  'window.keys': Keyboard,
  'window.larger': Type,
  'window.smaller': Type,
  'window.normal': Type,
  'window.snoozeAll': Clock,
  'window.snoozeAllShort': Clock,
  'window.snoozeAllMorning': Clock,
  'window.wake': BellRing,
  'window.accounts': Cable,
  'window.quit': Power,
  'alerts.acknowledge': Check,
  'alerts.snooze': Clock,
  'alerts.snoozeShort': Clock,
  'alerts.snoozeMorning': Clock,
  'alerts.silence': BellOff,
  'alerts.silenceKey': BellOff,
  'alerts.useful': ThumbsUp,
  'alerts.noise': ThumbsDown,
  'alerts.case': FlaskConical,
  'alerts.rule': FileCode,
  'alerts.live': Activity,
  'alerts.group': Layers,
  'alerts.retry': RotateCw,
  'live.pause': Pause,
  'live.rule': FileCode,
  'live.why': Telescope,
  'rules.new': Plus,
  'rules.list': Plus,
  'rules.save': Save,
  'rules.past': History,
  'rules.cases': FlaskConical,
  'rules.explain': Telescope,
  'rules.case': FlaskConical,
  'rules.delete': Trash,
  'rules.folder': FolderOpen,
  'rules.live': Activity,
  'connections.reconnect': RotateCw,
  'connections.retry': RotateCw,
  'connections.account': Cable,
  'connections.add': Plus,
  'history.export': Download,
  'settings.data': FolderOpen,
  'settings.rules': FolderOpen,
  'settings.silence': BellOff,
  'settings.diagnose': Download,
}

/** Its sign, if it has one of its own. */
export const iconOf = (id: ActionId): Component | undefined => icons[id]
