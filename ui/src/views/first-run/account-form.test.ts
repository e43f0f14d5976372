import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useDoor, type Request, type Response } from '../../host'
import { AccountForm } from './account-form.svelte'

let asked: Request[] = []
let keyring = true

function answer(request: Request): Response {
  switch (request.type) {
    case 'read_endpoint':
      if (request.endpoint.includes(' ')) throw { code: 'bad-endpoint', message: 'This is no address.', help: '' }
      return { type: 'endpoint', value: { host: request.endpoint.replace(/^https:\/\/|\/.*$/g, ''), is_central: request.endpoint.includes('arubanetworks.com') } }
    case 'read_key':
      if (request.key !== 'good') throw { code: 'bad-key', message: 'This is no key.', help: 'Copy all of it.' }
      return { type: 'key', value: { customer: 'c1', made: 0, works_until: 1, expired: false } }
    case 'connect':
      if (!keyring && request.draft.keep === 'keyring') throw { code: 'keyring-missing', message: 'There is no keyring here.', help: '' }
      return { type: 'state', value: { mode: 'account' } as never }
    default:
      return { type: 'done' }
  }
}

beforeEach(() => {
  asked = []
  keyring = true
  useDoor({
    call: (request) => {
      asked.push(request)
      return new Promise((resolve) => resolve(answer(request)))
    },
    subscribe: () => Promise.resolve(),
  })
})

const drafts = () => asked.flatMap((request) => ('draft' in request ? [request.draft] : []))

function filled(endpoint = 'https://app1.central.arubanetworks.com/x'): AccountForm {
  const form = new AccountForm()
  form.endpoint.type(endpoint)
  form.key.type(' good\n')
  return form
}

describe('the account form', () => {
  it('reads what was pasted once typing rests', async () => {
    const form = filled()
    await vi.waitFor(() => expect(form.endpoint.read?.host).toBe('app1.central.arubanetworks.com'))
    await vi.waitFor(() => expect(form.key.read?.customer).toBe('c1'))
    form.key.type('bad')
    expect(form.key.read).toBeNull()
    await vi.waitFor(() => expect(form.key.problem).toBe('This is no key. Copy all of it.'))
  })

  it('says what is missing and sends nothing', async () => {
    const form = new AccountForm()
    form.choose('security', false)
    form.choose('audit', false)
    form.choose('presence', false)
    expect(await form.connect()).toBeNull()
    expect(form.failed).toBeNull()
    expect(form.missing.endpoint).toMatch(/Paste the address/)
    expect(form.missing.key).toMatch(/Paste the key/)
    expect(form.missing.topics).toBe('Choose at least one topic.')
    expect(drafts()).toEqual([])
  })

  it('asks before a key goes to a host that is not Central’s', async () => {
    const form = filled('gateway.campus.example')
    expect(await form.test()).toBe(false)
    expect(form.foreign).toBe('gateway.campus.example')
    expect(drafts()).toEqual([])
    form.confirmHost(true)
    expect(await form.test()).toBe(true)
    expect(drafts()[0]).toMatchObject({ host_confirmed: true, key: 'good' })
  })

  it('asks anew when the host becomes another one', async () => {
    const form = filled('gateway.campus.example')
    await form.endpoint.now()
    form.confirmHost(true)
    form.endpoint.type('other.campus.example')
    expect(await form.test()).toBe(false)
    expect(drafts()).toEqual([])
  })

  it('forgets the key once it is handed over', async () => {
    const form = filled()
    expect(await form.connect()).not.toBeNull()
    expect(form.key.text).toBe('')
  })

  it('offers this run only when the keyring is what failed', async () => {
    keyring = false
    const form = filled()
    expect(await form.connect()).toBeNull()
    expect(form.keyringFailed).toBe(true)
    form.keep = 'this_run'
    expect(await form.connect()).not.toBeNull()
    expect(drafts().map((draft) => draft.keep)).toEqual(['keyring', 'this_run'])
  })

  it('needs no key where one is held', async () => {
    const form = new AccountForm({ name: '', endpoint: 'app1.central.arubanetworks.com', topics: ['audit'], authority: null, key_place: 'keyring' })
    expect(await form.connect()).not.toBeNull()
    expect(drafts()[0]).toMatchObject({ key: null, topics: ['audit'] })
  })

  it('keeps the authority and the consent of a host, and neither for another', async () => {
    const authority = { subject: 'CN=Campus CA', fingerprint: 'AB', valid_until: 1 }
    const form = new AccountForm({ name: '', endpoint: 'relay.example', topics: ['audit'], authority, key_place: 'keyring' })
    await form.endpoint.now()
    expect(form.heldAuthority).toEqual(authority)
    expect(await form.connect()).not.toBeNull()
    form.endpoint.type('other.example')
    await form.endpoint.now()
    expect(form.heldAuthority).toBeNull()
    expect(await form.connect()).toBeNull()
    form.endpoint.type('relay.example')
    await form.endpoint.now()
    form.distrust()
    expect(await form.connect()).not.toBeNull()
    expect(drafts().map((draft) => [draft.authority, draft.keep_authority, draft.host_confirmed])).toEqual([
      [null, true, true],
      [null, false, true],
    ])
  })
})
