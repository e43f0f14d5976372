import { host, onPush, type BacktestEnd, type BacktestFire, type BacktestNews } from '../../host'
import { asHostError } from '../../host/error'
import type { Draft } from './drafts.svelte'

/** Typing rests for so long before the past is played, in milliseconds: it costs more than a check. */
const RUN_AFTER = 400
/** How far back it looks. */
const SPAN = 7 * 86_400_000

/** The rule as it is typed, played over the week that was recorded, beside the version that is saved. */
export class Past {
  /** How it gets on; `null` before the first news. */
  news = $state.raw<BacktestNews | null>(null)
  /** Those that fired so far, while it runs. */
  fires = $state.raw<readonly BacktestFire[]>([])
  end = $state.raw<BacktestEnd | null>(null)
  running = $state(false)
  failed = $state('')
  /** How long the last one took, in milliseconds. */
  took = $state(0)

  #run = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = ''
  #began = 0

  /** Hears what comes of it; the returned function ends that, and what runs. */
  open(): () => void {
    const end = onPush('backtest', (push) => this.#heard(push.value))
    return () => {
      end()
      clearTimeout(this.#timer)
      this.#asked = ''
      if (this.running) void this.stop()
    }
  }

  /** Plays the rule on the desk, now and whenever something in it changed. */
  follow(draft: Draft): void {
    const { name, text, saved, errors } = draft
    const asked = JSON.stringify([name, text, saved])
    if (asked === this.#asked) return
    // What has errors does not run; what was found of the last good text stays until it does.
    if (errors > 0 && this.#asked.startsWith(JSON.stringify([name]).slice(0, -1))) return
    if (!this.#asked.startsWith(JSON.stringify([name]).slice(0, -1))) this.end = null
    this.#asked = asked
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#start(name, text), this.end ? RUN_AFTER : 0)
  }

  async #start(name: string, text: string): Promise<void> {
    this.#run = (this.#run + 1) % 0xffff_ffff
    this.news = null
    this.fires = []
    this.failed = ''
    this.running = true
    this.#began = performance.now()
    const mine = this.#run
    try {
      await host.backtest(mine, name, text, Date.now() - SPAN, null)
    } catch (error) {
      if (mine !== this.#run) return
      this.running = false
      this.end = null
      this.failed = asHostError(error).sentence
    }
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
    this.running = false
    this.took = performance.now() - this.#began
    if (news.end.problem) {
      this.failed = [news.end.problem.message, news.end.problem.help].filter(Boolean).join(' ')
      this.end = null
    } else {
      this.end = news.end
    }
  }
}
