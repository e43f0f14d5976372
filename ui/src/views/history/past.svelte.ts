// The alerts of the past: how many there are and when, and those that were read so far, in pages as they are needed.
import { host, type AlertRow, type HistoryOverview, type HistoryQuery, type HistoryRow, type HostError } from '../../host'
import { asHostError } from '../../host/error'
import { stretchOf, type Stretch, type StretchId } from './stretch'

/** So many are asked for at a time. */
export const PAGE = 200
/** Changes are gathered for so long, in ms. */
const SETTLE = 1_000

/** What was chosen, for the next time that History is opened. */
export const kept = $state<{ filter: string; stretch: StretchId; picked: Stretch; utc: boolean }>({
  filter: '',
  stretch: 'week',
  picked: { from: null, to: null },
  utc: false,
})

export class Past {
  /** Those that were read, the latest begun first. */
  rows = $state.raw<HistoryRow[]>([])
  overview = $state.raw<HistoryOverview | null>(null)
  failed = $state.raw<HostError | null>(null)
  /** From when to when the answers are. */
  stretch = $state.raw<Stretch>({ from: null, to: null })
  /** Whether all were read. */
  private all = $state(false)
  private query: HistoryQuery = { filter: '', from: null, to: null }
  private asked = 0
  private more: Promise<void> | null = null
  private timer: ReturnType<typeof setTimeout> | undefined

  /** How many there are to scroll through. */
  get count(): number {
    return this.all ? this.rows.length : Math.max(this.rows.length, this.overview?.kept ?? 0)
  }

  /** What is asked for, without the filter if `every`. */
  asQuery(every: boolean): HistoryQuery {
    return { ...this.query, filter: every ? '' : this.query.filter }
  }

  /** Asks anew, as of now; as many rows as there were, so that the reader keeps their place. */
  async read(now: number, held = 0): Promise<void> {
    const mine = ++this.asked
    const stretch = stretchOf(kept.stretch, kept.picked, now)
    const query = { filter: kept.filter, ...stretch }
    try {
      const [overview, page] = await Promise.all([host.historyOverview(query), this.first(query, held)])
      if (mine !== this.asked) return
      this.query = query
      this.stretch = stretch
      this.overview = overview
      this.rows = page.alerts
      this.all = page.last
      this.failed = null
    } catch (error) {
      if (mine === this.asked) this.failed = asHostError(error)
    }
  }

  private async first(query: HistoryQuery, held: number): Promise<{ alerts: HistoryRow[]; last: boolean }> {
    let page = await host.history(query, null, PAGE)
    const alerts = [...page.alerts]
    while (!page.last && alerts.length < held) {
      page = await host.history(query, alerts[alerts.length - 1]?.row.id ?? null, PAGE)
      alerts.push(...page.alerts)
    }
    return { alerts, last: page.last }
  }

  /** Reads on until that place is there, or there are no others. */
  async reach(place: number): Promise<void> {
    while (!this.all && this.rows.length <= place && !this.failed) {
      const mine = this.asked
      this.more ??= this.next().finally(() => (this.more = null))
      await this.more
      if (mine !== this.asked) return
    }
  }

  private async next(): Promise<void> {
    const mine = this.asked
    try {
      const page = await host.history(this.query, this.rows[this.rows.length - 1]?.row.id ?? null, PAGE)
      if (mine !== this.asked) return
      this.rows = [...this.rows, ...page.alerts]
      this.all = page.last || page.alerts.length === 0
    } catch (error) {
      if (mine === this.asked) this.failed = asHostError(error)
    }
  }

  /** Where an alert is; -1: not among those that were read. */
  find(id: string): number {
    return this.rows.findIndex((one) => one.row.id === id)
  }

  /** The same, reading on until it is found. */
  async seek(id: string): Promise<number> {
    let at = this.find(id)
    while (at < 0 && !this.all && !this.failed) {
      await this.reach(this.rows.length)
      at = this.find(id)
    }
    return at
  }

  /** Some alerts are new or changed: those that are here change at once, all else soon. */
  changed(rows: readonly AlertRow[], now: () => number): void {
    const news = new Map(rows.map((row) => [row.id, row]))
    if (this.rows.some((one) => news.has(one.row.id)))
      this.rows = this.rows.map((one) => ({ ...one, row: news.get(one.row.id) ?? one.row }))
    this.timer ??= setTimeout(() => {
      this.timer = undefined
      void this.read(now(), this.rows.length)
    }, SETTLE)
  }

  /** Nothing is asked for any more. */
  close(): void {
    this.asked++
    clearTimeout(this.timer)
  }
}
