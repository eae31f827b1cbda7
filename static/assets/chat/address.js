// The address of a conversation: /chat#c=<id>. A new conversation has none until its first message.

/** @returns {string | null} the id of the conversation in the address */
export function addressed () {
  return /^#c=([a-f0-9]{24})$/.exec(window.location.hash)?.[1] ?? null
}

/** @param {string} id */
export function addressOf (id) {
  return `#c=${id}`
}

/**
 * @param {string | null} id null: a new conversation
 * @param {{ isSamePage?: boolean }} [options] `isSamePage`: the back button does not return to the address before
 */
export function setAddress (id, { isSamePage = false } = {}) {
  if (id === addressed() && (id !== null || window.location.hash === '')) return
  const address = window.location.pathname + window.location.search + (id === null ? '' : addressOf(id))
  if (isSamePage) window.history.replaceState(null, '', address)
  else window.history.pushState(null, '', address)
}
