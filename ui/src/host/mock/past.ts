// The past of the played afternoon: fires spread over the week, some gained and some lost by an edit.
import type { BacktestFire, BacktestNews, BacktestSide, EventRow, Push } from '..'

const DAY = 86_400_000
const places = ['ap-lib-2f-07', 'ap-hal-0f-01', 'ap-sci-1f-02', 'ap-sci-1f-03', 'ap-dor-3f-11']

/** Events of the log, newest first. */
export function eventsOf(on: readonly string[], filter: string, before: string | null, limit: number): EventRow[] {
  if (filter.includes('levl')) throw { code: 'bad-filter', message: 'No field "levl".', help: 'Did you mean level?' }
  const first = before ? Number(before.split('.')[0]) - 18_400 : 0
  const kind = on[0]?.includes('.') ? on[0] : `${on[0] ?? 'security'}.rogue`
  if (kind === 'apprf.url' || filter.includes('nothing')) return []
  return Array.from({ length: Math.min(limit, 140 - Math.abs(first)) }, (_, i) => ({
    id: `${18_399 + first - i}.0`,
    topic: (kind.split('.')[0] ?? 'security') as EventRow['topic'],
    kind,
    time: Date.now() - (i - first) * 271_000,
    received: Date.now() - (i - first) * 271_000,
    summary: `${places[i % 5]}  86:13:c1:66:b1:${30 + (i % 60)}  "eduroam"  port 1/1/29`,
    alert: null,
  }))
}

function fires(salt: number): BacktestFire[] {
  return Array.from({ length: 14 }, (_, i) => {
    const time = Date.now() - 7 * DAY + ((i * 7919 + salt * 104_729) % 9973) / 9973 * 6.9 * DAY
    return {
      time, key: places[(i + salt) % 5] ?? '', severity: 'critical' as const, title: `Deauthentication near ${places[(i + salt) % 5]}`,
      body: '', event: `${18_100 + i}.0`, resolved: time + 900_000, reminders: 0, popups: 1 + (i % 2), withheld: i % 5 ? '' : 'quiet hours',
    }
  }).sort((a, b) => a.time - b.time)
}

const sideOf = (all: BacktestFire[]): BacktestSide => ({
  fires: all, fired: all.length, popups: all.length + 3, popups_a_day: (all.length + 3) / 7, cannot_tell: 0, failed: 0, trouble: '',
})

let running: ReturnType<typeof setTimeout> | undefined

export function stopBacktest(): void {
  clearTimeout(running)
}

/** Plays it in steps, so that progress can be looked at. */
export function backtest(run: number, text: string, push: (pushes: Push[]) => void): void {
  clearTimeout(running)
  const edited = text.includes('count(') || text.includes('"6"')
  const shared = fires(1).slice(0, 10)
  const gained = edited ? fires(2).slice(0, 4) : []
  const lost = edited ? fires(3).slice(0, 2) : []
  const slow = new URLSearchParams(globalThis.location?.search ?? '').has('slow')
  const step = (share: number): void => {
    const end = share >= 1
    const news: BacktestNews = {
      run, share, at: Date.now() - (1 - share) * 7 * DAY, events: Math.round(19_152 * share), fired: Math.round(14 * share), fires: [],
      end: end
        ? {
            problem: null, cancelled: false, from: Date.now() - 6.6 * DAY, to: Date.now(),
            deaf: [
              { from: Date.now() - 3.4 * DAY, to: Date.now() - 3.2 * DAY, reason: 'security: This computer was asleep' },
              { from: Date.now() - 0.3 * DAY, to: Date.now() - 0.28 * DAY, reason: 'security: The connection was lost' },
            ],
            now: sideOf([...shared, ...gained].sort((a, b) => a.time - b.time)), saved: sideOf([...shared, ...lost]),
            gained, lost, changed: [], gained_count: gained.length, lost_count: lost.length, changed_count: edited ? 1 : 0, same: shared.length,
          }
        : null,
    }
    push([{ type: 'backtest', value: news }])
    if (!end) running = setTimeout(() => step(share + 0.2), slow ? 60_000 : 40)
  }
  running = setTimeout(() => step(slow ? 0.61 : 0.2), 20)
}
