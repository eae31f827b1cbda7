// The code of an invite, from a link `/#invite=<code>`. The page takes it out of the address at once, so that it is
// neither in the browser's history nor in a copied address.

const form = /^#invite=(acpi-[a-z0-9]{8}-[a-z0-9]{32})$/

/** @param {(code: string) => void} onInvite called now, and when the address changes to another link */
export function watchInvite (onInvite) {
  const take = () => {
    if (!location.hash.startsWith('#invite=')) return
    const code = form.exec(location.hash)?.[1]
    history.replaceState(null, '', location.pathname + location.search)
    if (code !== undefined) onInvite(code)
  }
  take()
  window.addEventListener('hashchange', take)
}
