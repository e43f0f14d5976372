// A few of the words that rules are written in, for the played afternoon.
import type { Vocabulary } from '..'

const text = (name: string) => ({ name, ty: 'text', values: [] })

export const vocabulary: Vocabulary = {
  kinds: [
    { name: 'security.rogue', fields: [{ name: 'rogue_id', ty: 'mac', values: [] }, text('ssid'), { name: 'lan_mac', ty: 'mac', values: [] }, text('port'), text('last_det_device')] },
    { name: 'security.wids', fields: [text('radio_band'), text('detected_ap'), text('level'), text('attack_type'), text('description'), { name: 'event_number', ty: 'int', values: [] }] },
    { name: 'audit.configuration', fields: [text('target'), text('user'), text('description'), text('data')] },
    { name: 'presence.rssi', fields: [{ name: 'sta_eth_mac', ty: 'mac', values: [] }, { name: 'rssi_val', ty: 'int', values: [] }, { name: 'associated', ty: 'bool', values: [] }] },
    { name: 'monitoring.ap', fields: [text('name'), { name: 'status', ty: 'enum', values: ['UP', 'DOWN'] }] },
  ],
  functions: [
    { name: 'present', signature: 'present(value)', doc: 'Neither absent nor empty.', example: 'present(event.lan_mac)' },
    { name: 'in_list', signature: 'in_list(name, value)', doc: 'Whether a list in rules/lists has the value.', example: 'in_list("our-aps", event.rogue_id)' },
    { name: 'between', signature: 'between(from, to, time)', doc: 'Whether a time of day lies between two others.', example: 'between("22:00", "06:00", event.time)' },
    { name: 'glob', signature: 'glob(pattern, text)', doc: 'Whether a text has the shape of a pattern with * and ?.', example: 'glob("ap-lib-*", event.detected_ap)' },
  ],
  constants: [
    { name: 'ON', doc: 'The kinds or topics the rule listens to.', example: 'const ON = "security.rogue";' },
    { name: 'SEVERITY', doc: 'info, warning or critical.', example: 'const SEVERITY = "critical";' },
    { name: 'REMIND', doc: 'Say it again while it lasts.', example: 'const REMIND = "1h";' },
    { name: 'HOLD', doc: 'Fire only after it has lasted so long.', example: 'const HOLD = "5m";' },
    { name: 'RESOLVE_AFTER', doc: 'Over when not seen for so long.', example: 'const RESOLVE_AFTER = "30m";' },
  ],
  lists: [{ name: 'our-aps', entries: 212 }, { name: 'serviced', entries: 3 }, { name: 'watched', entries: 5 }],
}
