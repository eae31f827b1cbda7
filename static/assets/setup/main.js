// The setup page: it reads the server's state, then shows the sign-in page or the user's own page.
import { t } from '../lib/text.js'
import { byId, h, icon, show } from '../lib/dom.js'
import { setUpFrame } from '../lib/frame.js'
import { drawServerState, readServerState } from '../lib/server-state.js'
import { enterSession, leaveSession, session, signedIn, watchSession } from '../lib/session.js'
import { closeSession, findSession, replacedBy, whyLost } from '../lib/sign-in.js'
import { explain } from '../lib/causes.js'
import { tabs } from '../lib/tabs.js'
import { setUpAccount } from './account.js'
import { createAgain } from './again.js'
import { hideBanner, showBanner, showStatusOfAddress } from './banner.js'
import { createHome } from './home.js'
import { watchInvite } from './invite.js'
import { watchDeviceLink } from './phone-link.js'
import { setUpRegistration } from './register.js'
import { setUpSignIn, showSpreading } from './sign-in-form.js'
/** @import { Session } from '../types.d.ts' */

/** @type {string | null} */
let store = null
setUpFrame()
showStatusOfAddress()
byId('facts').replaceChildren(
  ...[t('setup.fact.sealed'), t('setup.fact.cookie'), t('setup.fact.chat')].map(text =>
    h('li', {}, icon('check'), text)
  ),
)

const door = tabs(byId('door-tabs'), tab => {
  for (const id of /** @type {const} */ (['register', 'sign-in'])) show(byId(`panel-${id}`), tab.id === `tab-${id}`)
})
const home = createHome({ store: () => store, onSignOut: signOut })
const again = createAgain({ store: () => store, onResumed: resume, onLeft: async () => {
  leave()
  await enterFound() // The session of the user who has signed in with this browser meanwhile.
} })
setUpSignIn({ store: () => store, onSignedIn: enterNew })
setUpAccount({
  onRelinked (state) {
    showBanner(state, state === 'saved' ? t('setup.relink.done') : undefined)
    window.scrollTo(0, 0)
    home.reload()
  },
  onRotated (password) {
    showBanner('saved', t('setup.rotate.done'))
    home.onRotated(password)
    window.scrollTo(0, 0)
  },
  onDeleted () {
    void closeSession() // Takes the cookie away: its session has gone with the user.
    leave()
    showBanner('deleted')
  },
})
byId('sign-out').addEventListener('click', signOut)

const server = await readServerState()
store = server.store
drawServerState(byId('server'), server)
if (['kv-missing', 'store-unavailable', 'draining', 'unreachable'].includes(server.status)) showBanner(server.status)
const registration = setUpRegistration({ registration: server.registration, store, onSaved })
watchSession({ lost, elsewhere })
if (server.registration === 'closed') door.select(byId('tab-sign-in'))
watchInvite(code => {
  if (code === null) return showBanner('invalid-invite')
  registration.invite(code)
  door.select(byId('tab-register'))
})
await enterFound()
watchDeviceLink({ store: () => store, onSignedIn: enterNew })
document.documentElement.dataset.ready = 'true'

/** @param {Session} next */
function enterNew (next) {
  enterSession(next, { isNew: true })
  hideBanner()
  home.enter()
}

/**
 * @param {{ username: string, password: string }} credentials
 * @param {string} state
 */
function onSaved ({ username, password }, state) {
  enterSession({ username }, { isNew: true })
  registration.reset()
  if (state === 'saved-unchecked') showBanner(state, t('setup.register.unchecked'))
  else hideBanner()
  home.enter(password)
}

/** Enters with the session that the browser has. */
async function enterFound () {
  const found = await findSession({ onSpreading (seconds) {
    door.select(byId('tab-sign-in'))
    showSpreading(seconds)
  } })
  byId('sign-in-state').textContent = ''
  if (found.ok) {
    enterSession(found.data, { isNew: false })
    return home.enter()
  }
  if (found.status === 401 || server.status !== 'ok') return
  door.select(byId('tab-sign-in'))
  byId('sign-in-problem').textContent = explain(found)
}

/**
 * The proxy refused the session.
 * @param {Session} refused
 */
async function lost (refused) {
  const reason = await whyLost(refused)
  if (reason !== null && session() === refused) suspend(reason)
}

/** @param {string} reason */
function suspend (reason) {
  if (again.isOpen()) return
  show(byId('home'), false)
  again.open(signedIn().username, reason)
}

async function resume () {
  show(byId('home'), true)
  await home.resume()
}

/** @param {string | null} username the user whom another tab signed in, or null if it signed out */
function elsewhere (username) {
  const now = session()
  if (now === null) {
    if (username !== null && registration.isEmpty() && byId('in-password').value === '') void enterFound()
  } else if (username === null) {
    leave()
    showBanner('signed-out')
  } else if (username !== now.username) suspend(replacedBy(username))
  else if (again.isOpen()) again.resume()
}

async function signOut () {
  const problem = await closeSession()
  if (problem !== '') return showBanner('not-signed-out', problem)
  leave()
  hideBanner()
}

function leave () {
  leaveSession()
  registration.reset()
  home.leave()
  byId('main').focus()
}
