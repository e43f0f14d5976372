import { host, onPush, type BacktestEnd, type BacktestFire, type BacktestNews } from '../../host'
import { asHostError } from '../../host/error'
import type { Draft } from './drafts.svelte'

/** Typing rests for so long before the past is played, in milliseconds: hardly where that is quick, longer where it is not. */
const RUN_AFTER = { quick: 50, slow: 400 }
/** What ends within so long is quick, and needs no progress to be shown, in milliseconds. */
const QUICK = 200
const DAY = 86_400_000

/** How far back it looks. */
export type Stretch = 'day' | 'week' | 'month' | 'all'
const SPANS: Record<Stretch, number | null> = { day: DAY, week: 7 * DAY, month: 30 * DAY, all: null }

/** When a stretch that ends now begins; `null`: with the log. */
export function since(stretch: Stretch): number | null {
  const back = SPANS[stretch]
  return back === null ? null : Date.now() - back
}

/** The rule as it is typed, played over what was recorded, beside the version that is saved. */
export class Past {
  /** How it gets on; `null` before the first news. */
  news = $state.raw<BacktestNews | null>(null)
  /** Those that fired so far, while it runs. */
  fires = $state.raw<readonly BacktestFire[]>([])
  end = $state.raw<BacktestEnd | null>(null)
  running = $state(false)
  /** It has been running for longer than one likes to wait without being told how far it is. */
  waiting = $state(false)
  stretch = $state<Stretch>('week')
  /** Since when the last one was asked for; 0 for all that is kept. */
  asked = $state(0)
  failed = $state('')
  /** How long the last one took, in milliseconds, and how many events it looked at. */
  took = $state(0)
  looked = $state(0)

  #run = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #wait: ReturnType<typeof setTimeout> | undefined
  #asked = ''
  #began = 0

  /** Hears what comes of it; the returned function ends that, and what runs. */
  open(): () => void {
    const end = onPush('backtest', (push) => this.#heard(push.value))
    return () => {
      end()
      clearTimeout(this.#timer)
      clearTimeout(this.#wait)
      this.#asked = ''
      if (this.running) void this.stop()
    }
  }

  /** Plays the rule on the desk, now and whenever something in it changed. */
  follow(draft: Draft): void {
    const { name, text, saved, errors } = draft
    const { stretch } = this
    const asked = JSON.stringify([name, text, saved, stretch])
    if (asked === this.#asked) return
    // What has errors does not run; what was found of the last good text stays until it does.
    if (errors > 0 && this.#asked.startsWith(JSON.stringify([name]).slice(0, -1))) return
    if (!this.#asked.startsWith(JSON.stringify([name]).slice(0, -1))) this.end = null
    this.#asked = asked
    clearTimeout(this.#timer)
    const rest = this.took < QUICK ? RUN_AFTER.quick : RUN_AFTER.slow
    this.#timer = setTimeout(() => void this.#start(name, text, stretch), this.end ? rest : 0)
  }

  async #start(name: string, text: string, stretch: Stretch): Promise<void> {
    this.#run = (this.#run + 1) % 0xffff_ffff
    this.news = null
    this.fires = []
    this.failed = ''
    this.running = true
    clearTimeout(this.#wait)
    this.#wait = setTimeout(() => (this.waiting = this.running), QUICK)
    this.#began = performance.now()
    const mine = this.#run
    try {
      this.asked = since(stretch) ?? 0
      await host.backtest(mine, name, text, this.asked || null, null)
    } catch (error) {
      if (mine !== this.#run) return
      this.#over()
      const told = asHostError(error)
      // Half a word is no rule yet: the editor says what is wrong, and what was found of the last good text stays.
      if (told.code === 'rule-errors' && this.end) return
      this.end = null
      this.failed = told.sentence
    }
  }

  #over(): void {
    this.running = false
    this.waiting = false
    clearTimeout(this.#wait)
  }

  async stop(): Promise<void> {
    try {
      await host.stopBacktest()
    } catch {
      // It has ended by itself.
    }
  }

  #heard(news: BacktestNews): void {
    if (news.run !== this.#run) return
    this.news = news
    if (news.fires.length > 0) this.fires = [...this.fires, ...news.fires]
    if (!news.end) return
    this.#over()
    this.took = performance.now() - this.#began
    if (news.end.problem) {
      this.failed = [news.end.problem.message, news.end.problem.help].filter(Boolean).join(' ')
      this.end = null
    } else {
      this.end = news.end
      this.looked = news.events
    }
  }
}
