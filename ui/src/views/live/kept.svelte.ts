// What Live remembers while another view is open.

/** What is shown of an event: beside its fields, or with little room instead of them. */
export type Part = 'fields' | 'bytes' | 'why'

/** The filter that last held, and what was last shown of an event. */
export const kept = $state<{ filter: string; part: Part }>({ filter: '', part: 'bytes' })
