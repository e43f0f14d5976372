// Why in Live: each rule for the event's kind is asked what it says of it, the closest first.
import { host, type ClauseExplained, type EventRow, type Explained, type RuleRow } from '../../host'
import { asHostError } from '../../host/error'

/** A rule and what it said; until it was asked, nothing. */
export interface Answer {
  rule: RuleRow
  told: Explained | null
  failed: string
}

/** Whether a rule listens to events of this kind. */
export const listens = (rule: RuleRow, event: EventRow): boolean =>
  rule.on.some((on) => on === event.kind || on === event.topic)

/** Whether its engine runs it at all. */
const runs = (rule: RuleRow): boolean => rule.enabled && rule.state !== 'broken'

/** The clauses of its `when`. */
const clausesOf = (told: Explained): readonly ClauseExplained[] =>
  (told.conditions.find((one) => one.function === 'when') ?? told.conditions[0])?.clauses ?? []

/** How many of its clauses hold, of how many. */
export function heldOf(told: Explained): { held: number; all: number } {
  const clauses = clausesOf(told)
  return { held: clauses.filter((one) => one.told === 'true').length, all: clauses.length }
}

/** The clause at which it stopped: the last that was asked and does not hold. */
export const stoppedAt = (told: Explained): ClauseExplained | undefined =>
  clausesOf(told).findLast((one) => one.told === 'false' || one.told === 'cannot-tell')

const rank = { matched: 0, resolved: 1, failed: 2, 'ran-away': 2, 'cannot-tell': 3, 'not-matched': 4, 'not-asked': 5 } as const

function nearness({ told }: Answer): number {
  if (!told) return 6
  const { held, all } = heldOf(told)
  return rank[told.came] + (all ? 1 - held / all : 1) / 2
}

/** Those that match first, then those that could not tell, then the closest. */
export const arranged = (answers: readonly Answer[]): Answer[] => answers.toSorted((a, b) => nearness(a) - nearness(b))

/** What the rules say of one event after another; only the latest is asked about. */
export class Asking {
  answers = $state.raw<readonly Answer[]>([])
  /** Rules for its kind that do not run. */
  off = $state.raw<readonly Answer[]>([])
  /** How many rules are for other kinds. */
  others = $state(0)
  /** How many are to be asked; 0 before that is known. */
  of = $state(0)
  done = $state(false)
  failed = $state('')
  /** The rule that is unfolded. */
  open = $state<string | null>(null)
  #asked = 0

  async about(event: EventRow): Promise<void> {
    const mine = ++this.#asked
    this.answers = this.off = []
    this.others = this.of = 0
    this.done = false
    this.failed = ''
    this.open = null
    try {
      const rules = await host.rules()
      if (mine !== this.#asked) return
      const here = rules.filter((rule) => listens(rule, event))
      const running = here.filter(runs)
      this.others = rules.length - here.length
      this.of = running.length
      this.off = here.filter((rule) => !runs(rule)).map((rule) => ({ rule, told: null, failed: '' }))
      for (const rule of running) {
        const answer = await ask(rule, event.id)
        if (mine !== this.#asked) return
        this.answers = arranged([...this.answers, answer])
      }
      this.open = this.answers[0]?.rule.name ?? null
    } catch (error) {
      if (mine === this.#asked) this.failed = asHostError(error).sentence
    } finally {
      if (mine === this.#asked) this.done = true
    }
  }

  /** Asks a rule that is off as if it were on. */
  async tryOff(rule: RuleRow, event: EventRow): Promise<void> {
    const mine = this.#asked
    let answer: Answer
    try {
      answer = await ask(rule, event.id, (await host.rule(rule.name)).text)
    } catch (error) {
      answer = { rule, told: null, failed: asHostError(error).sentence }
    }
    if (mine !== this.#asked) return
    this.off = this.off.map((one) => (one.rule.name === rule.name ? answer : one))
    this.open = rule.name
  }

  /** Asks nobody any more. */
  stop(): void {
    this.#asked++
  }
}

async function ask(rule: RuleRow, event: string, text: string | null = null): Promise<Answer> {
  try {
    return { rule, told: await host.explain(rule.name, event, text), failed: '' }
  } catch (error) {
    return { rule, told: null, failed: asHostError(error).sentence }
  }
}
