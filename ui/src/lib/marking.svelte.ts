// Which field of an event is marked, in the fields and in the bytes: the one under the pointer, else the chosen one.

/** The marking of one event. */
export class Marking {
  pointed = $state<string | null>(null)
  chosen = $state<string | null>(null)
  readonly marked = $derived(this.pointed ?? this.chosen)

  readonly point = (name: string | null): void => {
    this.pointed = name
  }
  /** Chooses a field; chooses none when it was that one. */
  readonly choose = (name: string): void => {
    this.chosen = this.chosen === name ? null : name
  }
  readonly clear = (): void => {
    this.pointed = null
    this.chosen = null
  }
}
