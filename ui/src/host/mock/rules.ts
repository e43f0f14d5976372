// The rules of the played afternoon.
import type { Request, Response, RuleRow } from '..'

const rows: RuleRow[] = [
  ['security/rogue-on-the-wire', 'Rogue access point on the wire', 'critical', 'security.rogue', 1],
  ['security/deauth-attack', 'Deauthentication attack', 'critical', 'security.wids', 1],
  ['audit/wlan-deleted', 'WLAN deleted', 'warning', 'audit.configuration', 1],
  ['presence/watched-device', 'Watched device seen', 'info', 'presence.rssi', 1],
].map(([name, title, severity, on, firing]) => ({
  name: name as string,
  title: title as string,
  severity: severity as RuleRow['severity'],
  on: [on as string],
  enabled: true,
  state: 'running',
  paused_until: null,
  note: '',
  errors: 0,
  warnings: 0,
  firing: firing as number,
  hits: [3, 1, 0, 4, 17, 2, 5],
  last_hit: Date.now() - 120_000,
}))

/** Answers what is about rules; undefined for all else. */
export function answerRules(request: Request): Response | undefined {
  switch (request.type) {
    case 'rules':
      return { type: 'rules', value: rows }
    default:
      return undefined
  }
}
