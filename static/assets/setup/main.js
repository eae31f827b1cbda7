// The setup page: it reads the server's state, then shows the sign-in page or the user's own page.
import { byId, h, icon, show } from '../lib/dom.js'
import { drawServerState, readServerState } from '../lib/server-state.js'
import { isKept, markSaved, restore, session, signedIn, signIn, signOut } from '../lib/session.js'
import { checkSession } from '../lib/sign-in.js'
import { tabs } from '../lib/tabs.js'
import { themeButton } from '../lib/theme.js'
import { setUpAccount } from './account.js'
import { hideBanner, showBanner, showStatusOfAddress } from './banner.js'
import { setUpCheck } from './check-view.js'
import { drawCredentials } from './credentials.js'
import { watchInvite } from './invite.js'
import { clearKeys, drawKeys, setUpKeys } from './keys.js'
import { drawModels } from './models.js'
import { setUpRegistration } from './register.js'
import { setUpSignIn, showSpreading } from './sign-in-form.js'
import { setUpSnippets } from './snippets.js'
import { drawUsage } from './usage.js'
/** @import { Reply, Session, UsageReport } from '../types.d.ts' */

/** @type {string | null} */
let store = null
themeButton(byId('theme'))
showStatusOfAddress()
byId('facts').replaceChildren(
  ...['GitHub token sealed with your password', 'No cookies, no trackers, nothing from other sites',
    'Includes a chat in the browser'].map(text => h('li', {}, icon('check'), text)),
)

const door = tabs(byId('door-tabs'), tab => {
  for (const id of /** @type {const} */ (['register', 'sign-in'])) show(byId(`panel-${id}`), tab.id === `tab-${id}`)
})
const snippets = setUpSnippets()
const check = setUpCheck(() => drawUsage(signedIn()))
setUpSignIn({ store: () => store, onSignedIn (next, keep, usage) {
  signIn(next, keep)
  enter({ usage })
} })
setUpKeys()
setUpAccount({
  onRelinked (state) {
    showBanner(state, state === 'saved' ? 'GitHub is linked again.' : undefined)
    enter({ isNew: false })
  },
  onRotated (next) {
    signIn(next, isKept())
    showBanner('saved', 'The password has changed. Give the new one to your tools.')
    enter({ isNew: true })
  },
  onDeleted () {
    leave()
    showBanner('deleted')
  },
})
byId('sign-out').addEventListener('click', () => {
  leave()
  hideBanner()
})
byId('keep').addEventListener('change', () => signIn(signedIn(), byId('keep').checked))
byId('usage-refresh').addEventListener('click', () => drawUsage(signedIn()))

const server = await readServerState()
store = server.store
drawServerState(byId('server'), server)
if (['kv-missing', 'store-unavailable', 'draining', 'unreachable'].includes(server.status)) showBanner(server.status)
const registration = setUpRegistration({ registration: server.registration, onSaved })
if (server.registration === 'closed') door.select(byId('tab-sign-in'))
watchInvite(code => {
  registration.invite(code)
  door.select(byId('tab-register'))
})

const kept = restore()
if (kept !== null) await enterKept(kept)
document.documentElement.dataset.ready = 'true'

/**
 * @param {Session} credentials
 * @param {string} state
 */
function onSaved (credentials, state) {
  markSaved(credentials.username)
  signIn(credentials, false)
  if (state === 'saved-unchecked') {
    showBanner(state,
      'Saved, but GitHub could not be reached to check the token. Run the connection test below in a minute.')
  } else hideBanner()
  enter({ isNew: true })
}

/**
 * Shows the user's own page. It shows the password only if the password is new.
 * @param {{ isNew?: boolean, usage?: Reply<UsageReport> }} options
 */
function enter ({ isNew = false, usage }) {
  const now = signedIn()
  show(byId('front'), false)
  show(byId('home'), true)
  byId('home-title').textContent = isNew ? `Welcome, ${now.username}` : `Welcome back, ${now.username}`
  byId('keep').checked = isKept()
  drawCredentials(now, isNew)
  snippets.open(now)
  check.reset()
  byId('home-title').focus()
  window.scrollTo(0, 0)
  void fill(now, usage, isNew)
}

/**
 * Fills in usage and models. For a new user it waits until the store knows the user everywhere.
 * @param {Session} now
 * @param {Reply<UsageReport> | undefined} usage
 * @param {boolean} isNew
 */
async function fill (now, usage, isNew) {
  const body = byId('usage-body')
  /** @param {number} seconds */
  const onSpreading = seconds =>
    body.replaceChildren(
      h('p', { class: 'muted', role: 'status' },
        `Your new access is spreading through Cloudflare’s network; this can take a minute. (${seconds} s)`),
    )
  const checked = usage ?? (isNew ? (await checkSession(now, { store, onSpreading })).answer : undefined)
  if (session() !== now) return
  await Promise.all([drawUsage(now, checked), drawKeys(now),
    drawModels(now, { onModels: snippets.setModels, onUse (id) {
      snippets.choose(id)
      byId('connect').scrollIntoView()
    } })])
}

/** @param {Session} kept */
async function enterKept (kept) {
  const { ok, answer } = await checkSession(kept, { store, onSpreading (seconds) {
    door.select(byId('tab-sign-in'))
    showSpreading(seconds)
  } })
  if (ok || answer.status === 0) enter({ usage: answer })
  else {
    signOut()
    door.select(byId('tab-sign-in'))
    byId('in-username').value = kept.username
    byId('sign-in-problem').textContent = answer.status === 401
      ? 'You were signed out: the password no longer works.'
      : answer.message
  }
}

function leave () {
  signOut()
  registration.reset()
  byId('credentials-list').replaceChildren()
  byId('client-panel').replaceChildren()
  clearKeys()
  byId('usage-body').replaceChildren()
  byId('models-body').replaceChildren()
  show(byId('home'), false)
  show(byId('front'), true)
  byId('main').focus()
}
