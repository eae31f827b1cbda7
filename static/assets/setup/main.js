// The setup page: it reads the server's state, then shows the sign-in page or the user's own page.
import '../lib/text.js'
import { byId, h, icon, show } from '../lib/dom.js'
import { setUpFrame } from '../lib/frame.js'
import { drawServerState, readServerState } from '../lib/server-state.js'
import { enterSession, leaveSession, session, signedIn, watchSession } from '../lib/session.js'
import { checkSession, closeSession, findSession, replacedBy, whyLost } from '../lib/sign-in.js'
import { tabs } from '../lib/tabs.js'
import { setUpAccount } from './account.js'
import { createAgain } from './again.js'
import { hideBanner, showBanner, showStatusOfAddress } from './banner.js'
import { setUpCheck } from './check-view.js'
import { drawCredentials } from './credentials.js'
import { clearDevices, drawDevices, setUpDevices } from './devices.js'
import { watchInvite } from './invite.js'
import { clearKeys, drawKeys, setUpKeys } from './keys.js'
import { drawModels } from './models.js'
import { setUpRegistration } from './register.js'
import { clearSeats, drawSeats, setUpSeats } from './seats.js'
import { setUpSignIn, showSpreading, spreading } from './sign-in-form.js'
import { setUpSnippets } from './snippets.js'
import { drawUsage } from './usage.js'
/** @import { Reply, Session, UsageReport } from '../types.d.ts' */

/** @type {string | null} */
let store = null
setUpFrame()
showStatusOfAddress()
byId('facts').replaceChildren(
  ...['GitHub token sealed with your password', 'One cookie, for your sign-in; the page loads nothing from other sites',
    'Includes a chat in the browser'].map(text => h('li', {}, icon('check'), text)),
)

const door = tabs(byId('door-tabs'), tab => {
  for (const id of /** @type {const} */ (['register', 'sign-in'])) show(byId(`panel-${id}`), tab.id === `tab-${id}`)
})
const snippets = setUpSnippets({ onKey: () => drawKeys(signedIn()) })
const check = setUpCheck(() => drawUsage(signedIn()))
const again = createAgain({ store: () => store, onResumed: resume, onLeft: async () => {
  leave()
  await enterFound() // The session of the user who has signed in with this browser meanwhile.
} })
setUpSignIn({ store: () => store, onSignedIn (next, usage) {
  enterSession(next, { isNew: true })
  enter({ usage })
} })
setUpKeys({ onList: snippets.setKeys })
setUpSeats()
setUpDevices({ onSignOut: signOut })
setUpAccount({
  onRelinked (state) {
    showBanner(state, state === 'saved' ? 'GitHub is linked again.' : undefined)
    window.scrollTo(0, 0)
    void fill(signedIn())
  },
  onRotated (password) {
    showBanner('saved', 'The password has changed. Other browsers are signed out; keys stay.')
    drawCredentials(signedIn(), password)
    window.scrollTo(0, 0)
    void drawDevices(signedIn())
  },
  onDeleted () {
    void closeSession() // Takes the cookie away: its session has gone with the user.
    leave()
    showBanner('deleted')
  },
})
byId('sign-out').addEventListener('click', signOut)
byId('usage-refresh').addEventListener('click', () => drawUsage(signedIn()))

const server = await readServerState()
store = server.store
drawServerState(byId('server'), server)
if (['kv-missing', 'store-unavailable', 'draining', 'unreachable'].includes(server.status)) showBanner(server.status)
const registration = setUpRegistration({ registration: server.registration, store, onSaved })
watchSession({ lost, elsewhere })
if (server.registration === 'closed') door.select(byId('tab-sign-in'))
watchInvite(code => {
  registration.invite(code)
  door.select(byId('tab-register'))
})
await enterFound()
document.documentElement.dataset.ready = 'true'

/**
 * @param {{ username: string, password: string }} credentials
 * @param {string} state
 */
function onSaved ({ username, password }, state) {
  enterSession({ username }, { isNew: true })
  registration.reset()
  if (state === 'saved-unchecked') {
    showBanner(state,
      'Saved, but GitHub could not be reached to check the token. Run the connection test below in a minute.')
  } else hideBanner()
  enter({ password })
}

/**
 * Shows the user's own page.
 * @param {{ password?: string, usage?: Reply<UsageReport> }} options `password` only if it is new
 */
function enter ({ password, usage }) {
  const now = signedIn()
  const isNew = password !== undefined
  show(byId('front'), false)
  show(byId('home'), true)
  byId('home-title').textContent = isNew ? `Welcome, ${now.username}` : `Welcome back, ${now.username}`
  drawCredentials(now, password)
  snippets.open(now)
  check.reset()
  byId('home-title').focus()
  window.scrollTo(0, 0)
  void fill(now, usage, isNew)
}

/**
 * Fills in everything that the proxy knows. For a new user it waits until the store knows the user everywhere.
 * @param {Session} now
 * @param {Reply<UsageReport>} [usage]
 * @param {boolean} [isNew]
 */
async function fill (now, usage, isNew = false) {
  const body = byId('usage-body')
  /** @param {number} seconds */
  const onSpreading = seconds => body.replaceChildren(h('p', { class: 'muted', role: 'status' }, spreading(seconds)))
  const checked = usage ?? (isNew ? (await checkSession(now, { store, onSpreading })).answer : undefined)
  if (session() !== now) return
  await Promise.all([drawLists(now, checked), drawModels(now, { onModels: snippets.setModels, onUse (id) {
    snippets.choose(id)
    byId('connect').scrollIntoView()
  } })])
}

/**
 * What may have changed while the user was away. None of it holds what the user typed.
 * @param {Session} now
 * @param {Reply<UsageReport>} [usage]
 */
function drawLists (now, usage) {
  return Promise.all([drawUsage(now, usage), drawKeys(now), drawSeats(now), drawDevices(now)])
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
    return enter({})
  }
  if (found.status === 401 || server.status !== 'ok') return
  door.select(byId('tab-sign-in'))
  byId('sign-in-problem').textContent = found.message
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
  const now = signedIn()
  show(byId('home'), true)
  const { answer } = await checkSession(now, { store })
  if (session() === now) await drawLists(now, answer)
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
  byId('credentials-list').replaceChildren()
  snippets.clear()
  clearKeys()
  clearSeats()
  clearDevices()
  byId('usage-body').replaceChildren()
  byId('models-body').replaceChildren()
  show(byId('home'), false)
  show(byId('front'), true)
  byId('main').focus()
}
