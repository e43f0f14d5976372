// What makes an element one of a list to choose from: the list keeps the keyboard, and names the one that is chosen.

/** For `{...option(id, chosen)}`. */
export const option = (id: string, chosen: boolean) => ({ role: 'option', tabindex: -1, id, 'aria-selected': chosen }) as const
