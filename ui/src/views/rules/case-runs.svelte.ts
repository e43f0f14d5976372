import { host, type CasesRun } from '../../host'
import type { Draft } from './drafts.svelte'

/** Typing rests for so long before the cases run, in milliseconds. */
const RUN_AFTER = 150

const NOTHING: CasesRun = { findings: [], verdicts: [], reached: [] }

/** The cases of the rule on the desk, run on the real engine as they are typed. */
export class CaseRuns {
  answer = $state.raw<CasesRun>(NOTHING)
  /** The text of the rule that the answer is about. */
  answered = $state('')
  /** How long the last run took, in milliseconds; `null` while one is due. */
  took = $state<number | null>(null)
  /** Why they could not be run at all. */
  failed = $state('')

  #timer: ReturnType<typeof setTimeout> | undefined
  #asked = 0
  #name = ''

  /** Runs what is on the desk, now and whenever this is called again because something in it changed. */
  follow(draft: Draft): void {
    const { name, text, cases } = draft
    this.took = null
    clearTimeout(this.#timer)
    if (name !== this.#name) {
      this.#name = name
      this.answer = NOTHING
      this.answered = ''
    }
    this.#timer = setTimeout(() => void this.#run(name, text, cases), RUN_AFTER)
  }

  async #run(name: string, text: string, cases: string): Promise<void> {
    const mine = ++this.#asked
    const began = performance.now()
    try {
      const answer = await host.runCases(name, text, cases)
      // An answer about an older text is no answer.
      if (mine !== this.#asked) return
      this.answer = answer
      this.answered = text
      this.failed = ''
      this.took = performance.now() - began
    } catch (error) {
      if (mine === this.#asked) this.failed = error instanceof Error ? error.message : String(error)
    }
  }

  get passed(): number {
    return this.answer.verdicts.filter((verdict) => verdict.passed).length
  }

  get failing(): number {
    const errors = this.answer.findings.some((finding) => finding.severity === 'error')
    return this.answer.verdicts.length - this.passed + (errors ? 1 : 0)
  }
}
