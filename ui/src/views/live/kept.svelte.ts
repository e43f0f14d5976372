// What Live remembers while another view is open.

/** The filter that last held. */
export const kept = $state({ filter: '' })
