import {
  host, HostError, onPush, type AccountDraft, type AccountInfo, type AppState, type AuthorityRead, type EndpointRead, type KeyRead,
  type TestStage, type TestStep, type Topic,
} from '../../host'
import { asHostError } from '../../host/error'
import { en } from '../../text/en'

/** Typing rests for so long before a field is read, in milliseconds. */
const READ_AFTER = 250

/** A field as it was typed, and what Tocsin made of it. */
export class ReadField<T> {
  text = $state('')
  read = $state.raw<T | null>(null)
  /** Why it could not be read; empty while nothing is wrong or nothing was typed. */
  problem = $state('')
  #ask: (text: string) => Promise<T>
  #timer: ReturnType<typeof setTimeout> | undefined
  #turn = 0

  constructor(ask: (text: string) => Promise<T>) {
    this.#ask = ask
  }

  /** It was typed or pasted: what was read before no longer holds. */
  type(text: string): void {
    this.text = text
    this.read = null
    this.problem = ''
    clearTimeout(this.#timer)
    this.#turn += 1
    if (text.trim()) this.#timer = setTimeout(() => void this.now(), READ_AFTER)
  }

  /** Reads it without waiting for a rest. */
  async now(): Promise<void> {
    clearTimeout(this.#timer)
    if (!this.text.trim() || this.read) return
    const turn = (this.#turn += 1)
    try {
      const read = await this.#ask(this.text)
      if (turn === this.#turn) this.read = read
    } catch (error) {
      if (turn === this.#turn) this.problem = asHostError(error).sentence
    }
  }
}

/** The stages of a connection test, in the order they run. */
export const STAGES: readonly TestStage[] = ['name', 'line', 'key', 'topics', 'first_message']

/** Endpoint, key, topics and private CA of an account as they are being written, and the test of them. */
export class AccountForm {
  readonly endpoint = new ReadField<EndpointRead>((text) => host.readEndpoint(text))
  readonly key = new ReadField<KeyRead>((text) => host.readKey(text.trim()))
  readonly authority = new ReadField<AuthorityRead>((text) => host.readAuthority(text))
  /** What it is to be called; empty: by its host. */
  name = $state('')
  topics = $state<Topic[]>(['security', 'audit', 'presence'])
  /** The authority of the account that is changed is trusted no longer. */
  #distrusted = $state(false)
  /** The host that was agreed to: another one is asked about anew. */
  #confirmed = $state('')
  keep = $state<AccountDraft['keep']>('keyring')
  /** Whether a key is held already, so that the field may stay empty. */
  readonly keyHeld: boolean
  /** What is missing was asked for: it is said at the fields. */
  pressed = $state(false)
  connecting = $state(false)
  /** Why the account could not be taken. */
  failed = $state.raw<HostError | null>(null)

  steps = $state.raw<readonly TestStep[]>([])
  /** How each topic went, within the step of the topics. */
  opened = $state.raw<readonly TestStep[]>([])
  testFailed = $state.raw<HostError | null>(null)
  #asked = $state(false)

  constructor(
    /** The account that is changed. */
    readonly before: AccountInfo | null = null,
    /** Beside the accounts there are. */
    readonly add = false,
  ) {
    this.keyHeld = before !== null
    if (before) {
      this.endpoint.type(before.endpoint)
      this.#confirmed = before.endpoint
      this.name = before.name
      this.topics = [...before.topics]
      this.keep = before.key_place
    }
  }

  /** Whether a test is under way. */
  get testing(): boolean {
    return this.#asked || this.steps.some((step) => step.state === 'running')
  }

  /** Whether the host must be agreed to before a key is sent there. */
  get foreign(): string {
    const { read } = this.endpoint
    return read && !read.is_central ? read.host : ''
  }

  /** Whether the key may be sent to the host that is not Central's. */
  get hostConfirmed(): boolean {
    return this.foreign !== '' && this.#confirmed === this.foreign
  }

  /** Agrees to that host, or takes it back. */
  confirmHost(agreed: boolean): void {
    this.#confirmed = agreed ? this.foreign : ''
  }

  /** The private authority that goes on being trusted: it was given for that host and is for no other. */
  get heldAuthority(): AuthorityRead | null {
    if (this.#distrusted || !this.before || this.endpoint.read?.host !== this.before.endpoint) return null
    return this.before.authority
  }

  /** No longer. */
  distrust(): void {
    this.#distrusted = true
  }

  /** What stands in the way, by field; empty texts where nothing does. */
  get missing(): { endpoint: string; key: string; topics: string; host: string; authority: string } {
    const { endpoint, key, authority } = this
    return {
      endpoint: endpoint.problem || (endpoint.text.trim() ? '' : en.account.missing.endpoint),
      key: key.problem || (key.text.trim() || this.keyHeld ? '' : en.account.missing.key),
      topics: this.topics.length > 0 ? '' : en.account.missing.topics,
      host: this.foreign && !this.hostConfirmed ? en.account.missing.host(this.foreign) : '',
      authority: authority.problem,
    }
  }

  /** Chooses or drops a topic. */
  choose(topic: Topic, on: boolean): void {
    this.topics = on ? [...this.topics.filter((one) => one !== topic), topic] : this.topics.filter((one) => one !== topic)
  }

  /** Reads what is still unread, and gives the draft; `null` when something is missing, which is then said. */
  async #ready(): Promise<AccountDraft | null> {
    await Promise.all([this.endpoint.now(), this.key.now(), this.authority.now()])
    this.pressed = true
    if (Object.values(this.missing).some(Boolean)) return null
    return {
      add: this.add,
      name: this.name.trim(),
      endpoint: this.endpoint.text.trim(),
      key: this.key.text.trim() || null,
      keep: this.keep,
      topics: [...this.topics],
      authority: this.authority.text.trim() || null,
      keep_authority: this.heldAuthority !== null,
      host_confirmed: this.hostConfirmed,
    }
  }

  /** Follows the steps of a test; the returned function stops. */
  follow(): () => void {
    return onPush('test_step', ({ value }) => {
      if (value.topic !== null) {
        this.opened = [...this.opened.filter((step) => step.topic !== value.topic), value]
        return
      }
      const at = STAGES.indexOf(value.step)
      this.steps = [...this.steps.filter((step) => STAGES.indexOf(step.step) < at), value]
    })
  }

  /** Tries the account without keeping anything. False when something is missing. */
  async test(): Promise<boolean> {
    if (this.testing) return true
    const draft = await this.#ready()
    if (!draft) return false
    this.steps = []
    this.opened = []
    this.testFailed = null
    this.#asked = true
    try {
      await host.testConnection(draft)
    } catch (error) {
      this.testFailed = asHostError(error)
    } finally {
      this.#asked = false
    }
    return true
  }

  /** Ends a test. */
  async stop(): Promise<void> {
    this.#asked = false
    this.steps = this.steps.filter((step) => step.state !== 'running')
    await host.stopTest()
  }

  /** Takes the account and listens to it. `null` when something is missing or it could not be taken: `failed` has why. */
  async connect(): Promise<AppState | null> {
    if (this.connecting) return null
    const draft = await this.#ready()
    if (!draft) return null
    this.failed = null
    this.connecting = true
    try {
      if (this.testing) await this.stop()
      const state = await host.connect(draft)
      // The key is the engine's now; the window forgets it.
      this.key.type('')
      return state
    } catch (error) {
      this.failed = asHostError(error)
      return null
    } finally {
      this.connecting = false
    }
  }

  /** Whether the keyring is what stood in the way, so that holding the key for this run is an answer. */
  get keyringFailed(): boolean {
    return this.failed?.code.startsWith('keyring') ?? false
  }
}
