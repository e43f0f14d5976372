import { host, type EventRow, type Explained } from '../../host'
import { asHostError } from '../../host/error'
import type { Draft } from './drafts.svelte'
import { onOf } from './words'

/** Typing rests for so long before the event is explained again, in milliseconds. */
const ASK_AFTER = 300

/** The event that Explain is about, and what the rule as it is typed says of it. */
export class Explaining {
  /** The latest events of the rule's kinds, newest first. */
  events = $state.raw<readonly EventRow[]>([])
  event = $state.raw<EventRow | null>(null)
  answer = $state.raw<Explained | null>(null)
  /** The text that the answer is about. */
  answered = $state('')
  failed = $state('')
  reading = $state(false)

  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = 0
  #looked = 0
  #on = ''

  /** Explains the rule on the desk, now and whenever something in it changed. */
  follow(draft: Draft): void {
    const on = onOf(draft.text)
    if (`${draft.name} ${on.join(' ')}` !== this.#on) {
      this.#on = `${draft.name} ${on.join(' ')}`
      void this.#look(on)
    }
    const { name, text } = draft
    const { event } = this
    clearTimeout(this.#timer)
    if (event) this.#timer = setTimeout(() => void this.#ask(name, text, event.id), this.answer ? ASK_AFTER : 0)
  }

  /** Another event. */
  choose(event: EventRow): void {
    this.answer = null
    this.event = event
  }

  /** The next older or newer event among the latest. */
  step(by: 1 | -1): void {
    const at = this.events.findIndex((one) => one.id === this.event?.id)
    const next = this.events[at + by]
    if (next) this.choose(next)
  }

  async #look(on: readonly string[]): Promise<void> {
    const mine = ++this.#looked
    this.reading = true
    try {
      const events = await host.events(on, '', null, 100)
      if (mine !== this.#looked) return
      this.events = events
      this.failed = ''
      const fits = this.event && on.some((one) => this.event?.kind === one || this.event?.topic === one)
      if (!fits) {
        this.answer = null
        this.event = events[0] ?? null
      }
    } catch (error) {
      if (mine === this.#looked) this.failed = asHostError(error).sentence
    } finally {
      if (mine === this.#looked) this.reading = false
    }
  }

  async #ask(name: string, text: string, event: string): Promise<void> {
    const mine = ++this.#asked
    try {
      const answer = await host.explain(name, event, text)
      if (mine !== this.#asked) return
      this.answer = answer
      this.answered = text
      this.failed = ''
    } catch (error) {
      if (mine !== this.#asked) return
      this.answer = null
      this.failed = asHostError(error).sentence
    }
  }
}
