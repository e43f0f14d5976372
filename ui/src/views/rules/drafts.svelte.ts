import type { Diagnostic, RuleDetail } from '../../host'

/** What the file says now, when that is not what the edit began from. */
export interface Outside {
  /** The text on disk; `null` when the file is gone. */
  text: string | null
  hash: string | null
}

/** A rule's text as it stands in the window, beside the one on disk that it began from. */
export class Draft {
  readonly name: string
  /** The text on disk that the edit began from; empty for a rule that was never saved. */
  saved = $state('')
  /** Names `saved`; `null` for a rule that was never saved. */
  hash = $state<string | null>(null)
  text = $state('')
  findings = $state.raw<readonly Diagnostic[]>([])
  /** How long the last check took, in milliseconds; `null` while one is due. */
  checked = $state<number | null>(null)
  outside = $state.raw<Outside | null>(null)

  /** The cases beside it, as they stand in the window; empty when there are none. */
  cases = $state('')
  /** The cases on disk that the edit began from. */
  casesSaved = $state('')
  /** Names `casesSaved`; `null` when there was no file. */
  casesHash = $state<string | null>(null)
  /** What the file of cases says now, when that is not what the edit began from. */
  casesOutside = $state.raw<{ text: string; hash: string } | null>(null)

  constructor(name: string, text: string, cases = '') {
    this.name = name
    this.text = text
    this.cases = cases
  }

  /** Whether closing the window now would lose something. */
  get edited(): boolean {
    return this.hash === null || this.text !== this.saved || this.casesEdited
  }

  get casesEdited(): boolean {
    return this.cases !== this.casesSaved
  }

  get errors(): number {
    return this.findings.filter((finding) => finding.severity === 'error').length
  }

  get warnings(): number {
    return this.findings.length - this.errors
  }

  /**
   * Takes what the disk says. An untouched text follows it; an edited one is kept, and that the file is another one
   * is noted, to be asked about. Nothing of the user's is ever overwritten here.
   */
  heard(detail: RuleDetail): void {
    this.#heardCases(detail)
    if (detail.hash === this.hash) {
      this.outside = null
      return
    }
    if (this.hash !== null && this.text === this.saved) {
      this.take(detail.text, detail.hash)
      this.findings = detail.findings
    } else if (detail.text === this.text) {
      this.take(detail.text, detail.hash)
    } else {
      this.outside = { text: detail.text, hash: detail.hash }
    }
  }

  #heardCases({ cases, cases_hash }: RuleDetail): void {
    if (cases_hash === this.casesHash) {
      this.casesOutside = null
    } else if (!this.casesEdited || this.cases === cases) {
      this.takeCases(cases, cases_hash)
    } else if (this.casesHash !== null || cases !== '') {
      this.casesOutside = { text: cases, hash: cases_hash }
    }
  }

  /** From here on these cases are the saved ones. */
  takeCases(text: string, hash: string): void {
    this.cases = text
    this.keptCases(text, hash)
  }

  /** These cases were saved; what was typed since then stays an edit. */
  keptCases(text: string, hash: string): void {
    this.casesSaved = text
    this.casesHash = hash
    this.casesOutside = null
  }

  /** Goes on with the user's cases in place of the file's. */
  keepMyCases(): void {
    if (this.casesOutside) this.keptCases(this.casesOutside.text, this.casesOutside.hash)
  }

  /** The file is no longer there. */
  gone(): void {
    if (this.hash !== null) this.outside = { text: null, hash: null }
  }

  /** From here on this text is the saved one. */
  take(text: string, hash: string): void {
    this.saved = text
    this.text = text
    this.hash = hash
    this.outside = null
  }

  /** `text` was saved; what was typed since then stays an edit. */
  kept(text: string, hash: string): void {
    this.saved = text
    this.hash = hash
    this.outside = null
  }

  /** Goes on with the user's text in place of the file's: the next save overwrites what was seen, and only that. */
  keepMine(): void {
    if (!this.outside) return
    this.saved = this.outside.text ?? ''
    this.hash = this.outside.hash
    this.outside = null
  }

  /** Gives the edit up for the text on disk. */
  revert(): void {
    if (this.outside?.text != null && this.outside.hash !== null) this.take(this.outside.text, this.outside.hash)
    else this.text = this.saved
    if (this.casesOutside) this.takeCases(this.casesOutside.text, this.casesOutside.hash)
    else this.cases = this.casesSaved
  }
}
