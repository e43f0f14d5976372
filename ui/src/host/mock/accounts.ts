// The accounts of the played afternoon: one, or with `?scene=accounts` three.
import type { AccountRow, AppState, Request, Response } from '..'

const first: AccountRow = { id: 'first', name: 'app1-apigw.central.arubanetworks.com', endpoint: 'app1-apigw.central.arubanetworks.com' }

/** The accounts that a scene begins with. */
export const accountsOf = (scene: string): AccountRow[] =>
  scene === 'first_run' || scene === 'demo'
    ? []
    : scene === 'accounts'
      ? [
          { ...first, name: 'Campus' },
          { id: '19ac01', name: 'Clinic in the north', endpoint: 'app1-apigw.central.arubanetworks.com' },
          { id: '19ac02', name: 'eu-gateway.central.arubanetworks.com', endpoint: 'eu-gateway.central.arubanetworks.com' },
        ]
      : [first]

/** Answers what changes the accounts; nothing for another request. */
export function answerAccounts(request: Request, state: AppState): Response | undefined {
  const listen = (row: AccountRow | undefined): Response => {
    state.mode = row ? 'account' : 'first_run'
    state.active = row?.id ?? null
    if (row && state.account) state.account = { ...state.account, endpoint: row.endpoint, name: row.name === row.endpoint ? '' : row.name }
    return { type: 'state', value: state }
  }
  switch (request.type) {
    case 'connect': {
      const { draft } = request
      const id = draft.add || !state.active ? (state.accounts.length ? `19ac0${state.accounts.length + 2}` : 'first') : state.active
      const row = { id, name: draft.name || draft.endpoint, endpoint: draft.endpoint }
      state.accounts = state.accounts.some((one) => one.id === id) ? state.accounts.map((one) => (one.id === id ? row : one)) : [...state.accounts, row]
      return listen(row)
    }
    case 'switch_account':
      return listen(state.accounts.find((one) => one.id === request.id))
    case 'forget_account':
      state.accounts = state.accounts.filter((one) => one.id !== request.id)
      return listen(state.accounts.find((one) => one.id === state.active) ?? state.accounts[0])
    case 'leave_demo':
      return listen(state.accounts[0])
    default:
      return undefined
  }
}
