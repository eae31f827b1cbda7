// The code of an invite, from a link `/#invite=<code>` or as somebody pastes it. The page takes it out of the address
// at once, so that it is neither in the browser's history nor in a copied address.

const form = /^(?:\S*#invite=)?(acpi-[a-z0-9]{8}-[a-z0-9]{32})$/

/**
 * @param {(code: string | null) => void} onInvite called now, and when the address changes to another link; null for a
 *   link that is cut off or mistyped
 */
export function watchInvite (onInvite) {
  const take = () => {
    if (!location.hash.startsWith('#invite=')) return
    const code = codeOfInvite(location.hash)
    history.replaceState(null, '', location.pathname + location.search)
    onInvite(code)
  }
  take()
  window.addEventListener('hashchange', take)
}

/** @param {string} text a code, or a link with one */
export function codeOfInvite (text) {
  return form.exec(text.trim())?.[1] ?? null
}
