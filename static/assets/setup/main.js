// The setup page: reads the server's state, then shows either the door or the home of who is signed in.
import { byId, h, icon, show } from '../lib/dom.js'
import { drawServerState, readServerState } from '../lib/server-state.js'
import { isKept, markSaved, restore, session, signIn, signOut } from '../lib/session.js'
import { checkSession } from '../lib/sign-in.js'
import { tabs } from '../lib/tabs.js'
import { themeButton } from '../lib/theme.js'
import { setUpAccount } from './account.js'
import { hideBanner, showBanner, showStatusOfAddress } from './banner.js'
import { setUpCheck } from './check-view.js'
import { drawCredentials } from './credentials.js'
import { drawModels } from './models.js'
import { setUpRegistration } from './register.js'
import { setUpSignIn, spreading } from './sign-in-form.js'
import { setUpSnippets } from './snippets.js'
import { drawUsage } from './usage.js'

let store = null
themeButton(byId('theme'))
showStatusOfAddress()
byId('facts').replaceChildren(...['GitHub token sealed with your password', 'No cookies, no trackers, nothing from elsewhere', 'Chat in the browser included']
  .map(text => h('li', {}, icon('check'), text)))

const door = tabs(document.querySelector('.door [role="tablist"]'), tab => {
  for (const id of ['register', 'sign-in']) show(byId(`panel-${id}`), tab.id === `tab-${id}`)
})
const snippets = setUpSnippets()
const check = setUpCheck({ session, onDone: () => drawUsage(session()) })
setUpSignIn({ store: () => store, onSignedIn (next, keep, usage) { signIn(next, keep); enter({ usage }) } })
setUpAccount({
  session,
  onRelinked (state) { showBanner(state, state === 'saved' ? 'GitHub is linked again.' : undefined); enter({ isNew: false }) },
  onRotated (next) { signIn(next, isKept()); showBanner('saved', 'The password is changed. Give the new one to your tools.'); enter({ isNew: true }) },
  onDeleted () { leave(); showBanner('deleted') },
})
byId('sign-out').addEventListener('click', () => { leave(); hideBanner() })
byId('keep').addEventListener('change', () => signIn(session(), byId('keep').checked))
byId('usage-refresh').addEventListener('click', () => drawUsage(session()))

const server = await readServerState()
store = server.store
drawServerState(byId('server'), server)
if (['kv-missing', 'store-unavailable', 'draining', 'unreachable'].includes(server.status)) showBanner(server.status)
const registration = setUpRegistration({ registration: server.registration, onSaved })
if (server.registration === 'closed') door.select(byId('tab-sign-in'))

const kept = restore()
if (kept !== null) await enterKept(kept)
document.documentElement.dataset.ready = 'true'

function onSaved (credentials, state) {
  markSaved(credentials.username)
  signIn(credentials, false)
  if (state === 'saved-unchecked') showBanner(state, 'Saved, but GitHub could not be reached to check the token. Run the connection test below in a minute.')
  else hideBanner()
  enter({ isNew: true })
}

/** Shows who is signed in what is theirs. A password that was just made is shown. */
function enter ({ isNew = false, usage } = {}) {
  const now = session()
  show(byId('front'), false)
  show(byId('home'), true)
  byId('home-title').textContent = isNew ? `You are in, ${now.username}` : `Welcome back, ${now.username}`
  byId('keep').checked = isKept()
  drawCredentials(now, isNew)
  snippets.open(now)
  check.reset()
  byId('home-title').focus()
  window.scrollTo(0, 0)
  void fill(now, usage, isNew)
}

/** A new user's very first questions may have to wait for the store to spread the news. */
async function fill (now, usage, isNew) {
  const said = byId('usage-body')
  const checked = usage ?? (isNew ? (await checkSession(now, { store, onSpreading: seconds => said.replaceChildren(h('p', { class: 'muted', role: 'status' }, `Your new access is spreading through Cloudflare’s network; this can take a minute. (${seconds} s)`)) })).answer : undefined)
  if (session() !== now) return
  await Promise.all([
    drawUsage(now, checked),
    drawModels(now, { onModels: snippets.setModels, onUse (id) { snippets.choose(id); byId('connect').scrollIntoView() } }),
  ])
}

async function enterKept (kept) {
  const { ok, answer } = await checkSession(kept, { store, onSpreading (seconds) { door.select(byId('tab-sign-in')); spreading(seconds) } })
  if (ok || answer.status === 0) enter({ usage: answer })
  else {
    signOut()
    door.select(byId('tab-sign-in'))
    byId('in-username').value = kept.username
    byId('sign-in-problem').textContent = answer.status === 401 ? 'You were signed out: the password no longer works.' : answer.message
  }
}

function leave () {
  signOut()
  registration.reset()
  byId('credentials-list').replaceChildren()
  byId('client-panel').replaceChildren()
  byId('usage-body').replaceChildren()
  byId('models-body').replaceChildren()
  show(byId('home'), false)
  show(byId('front'), true)
  byId('main').focus()
}
