import { host, type LetThrough } from '../../host'
import { asHostError } from '../../host/error'
import type { Draft } from './drafts.svelte'

/** The text rests for so long before its clauses are counted, in milliseconds: what one waits for comes first. */
const COUNT_AFTER = 250

/** How many events of the past each clause of the rule on the desk lets through. */
export class LettingThrough {
  answer = $state.raw<LetThrough | null>(null)
  /** The text that the answer is about, and the rule. */
  answered = $state('')
  name = $state('')

  #asked = ''
  #run = 0
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Counts for the rule on the desk, now and whenever something in it changed; `from` is when the stretch begins. */
  follow(draft: Draft, stretch: string, from: number | null): void {
    const { name, text, errors } = draft
    const asked = JSON.stringify([name, text, stretch])
    if (errors > 0 || name !== this.name) this.#forget()
    this.name = name
    if (errors > 0 || asked === this.#asked) return
    this.#asked = asked
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.#count(name, text, from), COUNT_AFTER)
  }

  /** No more is counted; what stands may stay. */
  rest(): void {
    clearTimeout(this.#timer)
    this.#asked = ''
  }

  #forget(): void {
    this.rest()
    this.answer = null
    this.answered = ''
  }

  async #count(name: string, text: string, from: number | null): Promise<void> {
    const mine = ++this.#run
    try {
      const answer = await host.letThrough(name, text, from, null)
      if (mine !== this.#run || this.name !== name) return
      this.answer = answer
      this.answered = text
    } catch (error) {
      if (mine !== this.#run) return
      // The past was asked meanwhile; when it has answered, this is asked again.
      if (asHostError(error).code === 'stopped') this.#asked = ''
      else this.#forget()
    }
  }
}
