// The phone's side: a link `/#device=<one-time code>` signs this browser in, after its user agrees. Somebody who sends
// such a link to another person would sign that person in as themselves: so the page asks first.
import { busy } from '../lib/busy.js'
import { explain } from '../lib/causes.js'
import { byId, closeByButtons, show } from '../lib/dom.js'
import { session } from '../lib/session.js'
import { openSessionByCode } from '../lib/sign-in.js'
import { t } from '../lib/text.js'
/** @import { Session } from '../types.d.ts' */

/** Taken out of the address at once, as an invite is. */
let code = ''

/** @param {{ store: () => string | null, onSignedIn: (session: Session) => unknown }} page */
export function watchDeviceLink ({ store, onSignedIn }) {
  const dialog = byId('phone-dialog')
  closeByButtons(dialog)
  dialog.querySelector('form')?.addEventListener('submit', event => {
    event.preventDefault()
    void busy(byId('phone-save'), signIn)
  })
  window.addEventListener('hashchange', take)
  take()

  function take () {
    if (!location.hash.startsWith('#device=')) return
    code = location.hash.slice('#device='.length)
    history.replaceState(null, '', location.pathname + location.search)
    open()
  }

  function open () {
    const now = session()
    show(byId('phone-now'), now !== null)
    byId('phone-now').textContent = now === null ? '' : t('setup.phone.now', { username: now.username })
    byId('phone-problem').textContent = ''
    byId('phone-save').disabled = false
    if (!dialog.open) dialog.showModal()
    byId('phone-save').focus()
  }

  async function signIn () {
    const answer = await openSessionByCode(code, { remember: byId('phone-keep').checked, store: store() })
    if (!answer.ok) {
      byId('phone-problem').textContent = answer.state === 'auth-failed' ? t('setup.phone.used') : explain(answer)
      return
    }
    code = ''
    dialog.close()
    onSignedIn({ username: answer.data.username })
  }
}
