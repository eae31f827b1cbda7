// The user's own page: its tabs, and what each of them loads when it is first opened.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { explain } from '../lib/causes.js'
import { byId, h, show } from '../lib/dom.js'
import { session, signedIn } from '../lib/session.js'
import { checkSession } from '../lib/sign-in.js'
import { t } from '../lib/text.js'
import { setUpCheck } from './check-view.js'
import { drawCredentials } from './credentials.js'
import { clearDevices, drawDevices, setUpDevices } from './devices.js'
import { createHomeTabs } from './home-tabs.js'
import { clearKeys, drawKeys, setUpKeys } from './keys.js'
import { clearSeats, drawSeats, setUpSeats } from './seats.js'
import { spreading } from './sign-in-form.js'
import { setUpSnippets } from './snippets.js'
/** @import { Answers, Reply, Session } from '../types.d.ts' */
/** @import { TabName } from './home-tabs.js' */

/** @typedef {'keys' | 'models' | 'table' | 'usage' | 'seats' | 'devices'} Part */

/** @type {Readonly<Record<TabName, readonly Part[]>>} */
const partsOf = { connect: ['keys', 'models'], keys: ['keys', 'seats'], usage: ['usage'], models: ['models', 'table'],
  seats: ['seats'], account: ['devices'] }
/** Where a part shows that it could not be loaded. */
const bodies =
  /** @type {const} */ ({ keys: 'keys-body', models: 'tool-problem', table: 'models-body', usage: 'usage-body',
    seats: 'seats-body', devices: 'devices-body' })

/**
 * @param {{ store: () => string | null, onSignOut: () => Promise<unknown> }} page `onSignOut`: the user revoked this
 *   device
 */
export function createHome ({ store, onSignOut }) {
  /** @type {Map<Part, Promise<unknown>>} */
  const loaded = new Map()
  /** On Cloudflare KV, a new user's requests wait until the store knows the user. */
  let ready = Promise.resolve()
  let waiting = new AbortController()
  /** @type {Promise<Reply<Answers['/models']>> | null} */
  let models = null
  /** @type {(() => void) | null} */
  let hidePhone = null
  const snippets = setUpSnippets({ onKey: () => drawKeys(signedIn()) })
  const check = setUpCheck(() => loaded.has('usage') && draw('usage', signedIn()))
  const tabs = createHomeTabs({ onOpen (name) {
    if (name !== 'account') hidePhone?.()
    return Promise.all(partsOf[name].map(load))
  } })
  setUpKeys({ onList: snippets.setKeys })
  setUpSeats()
  setUpDevices({ onSignOut })
  byId('usage-refresh').addEventListener('click', () => draw('usage', signedIn()))
  byId('phone-offer').addEventListener('click', () =>
    busy(byId('phone-offer'), async () => {
      const phone = await import('./phone.js')
      hidePhone = phone.hidePhone
      await phone.offerPhone(signedIn())
    }))

  return {
    /**
     * Shows the user's own page.
     * @param {string} [password] only if it is new
     */
    enter (password) {
      const now = signedIn()
      const { username } = now
      forget()
      show(byId('front'), false)
      show(byId('home'), true)
      byId('home-title').textContent = t(password === undefined ? 'setup.home.back' : 'setup.home.new', { username })
      drawCredentials(now, password)
      snippets.open(now)
      check.reset()
      byId('home-title').focus()
      window.scrollTo(0, 0)
      if (password !== undefined && store() === 'cloudflare-kv') ready = waitFor(now, waiting.signal)
      tabs.enter()
    },
    /** After a pause. It draws again what may have changed while the user was away, and nothing that the user typed. */
    async resume () {
      const now = signedIn()
      await checkSession(now, { store: store() })
      if (session() !== now) return
      for (const part of loaded.keys()) if (part !== 'models' && part !== 'table') void draw(part, now)
    },
    /** Another GitHub account may have other models and quotas. */
    reload () {
      forget()
      void tabs.reopen()
    },
    /** @param {string} password the user's new one */
    onRotated (password) {
      drawCredentials(signedIn(), password)
      tabs.open('connect')
      void draw('devices', signedIn())
    },
    leave () {
      forget()
      tabs.leave()
      byId('credentials-list').replaceChildren()
      snippets.clear()
      clearKeys()
      clearSeats()
      clearDevices()
      byId('usage-body').replaceChildren()
      byId('models-body').replaceChildren()
      show(byId('home'), false)
      show(byId('front'), true)
    },
  }

  function forget () {
    loaded.clear()
    models = null
    ready = Promise.resolve()
    waiting.abort()
    waiting = new AbortController()
    hidePhone?.()
    byId('tool-problem').textContent = ''
  }

  /** @param {Part} part */
  function load (part) {
    const body = byId(bodies[part])
    const hasFailed = body.querySelector('.banner.bad') !== null || (part === 'models' && body.textContent !== '')
    const known = hasFailed ? undefined : loaded.get(part)
    return known ?? draw(part, signedIn())
  }

  /**
   * @param {Part} part
   * @param {Session} now
   */
  function draw (part, now) {
    const drawing = ready.then(() => session() === now ? drawNow(part, now) : undefined)
    loaded.set(part, drawing)
    return drawing
  }

  /**
   * @param {Part} part
   * @param {Session} now
   * @returns {Promise<unknown>}
   */
  async function drawNow (part, now) {
    switch (part) {
      case 'keys':
        return drawKeys(now)
      case 'seats':
        return drawSeats(now)
      case 'devices':
        return drawDevices(now)
      case 'usage':
        return (await import('./usage.js')).drawUsage(now)
      case 'models':
        return showModels(await (models = ask('/models', { session: now })), now)
      case 'table': {
        const { drawModels } = await import('./models.js')
        return drawModels(now, models ?? ask('/models', { session: now }), id => {
          snippets.choose(id)
          tabs.open('connect')
          byId('tool').scrollIntoView()
        })
      }
    }
  }

  /**
   * @param {Reply<Answers['/models']>} answer
   * @param {Session} now
   */
  function showModels (answer, now) {
    if (session() !== now) return
    byId('tool-problem').textContent = answer.ok ? '' : t('setup.models.failed', { why: explain(answer) })
    if (answer.ok) snippets.setModels(answer.data.data)
  }
}

/**
 * @param {Session} now
 * @param {AbortSignal} signal
 */
async function waitFor (now, signal) {
  const place = byId('home-state')
  await checkSession(now, { store: 'cloudflare-kv', signal, onSpreading (seconds) {
    if (session() !== now) return
    show(place, true)
    place.replaceChildren(h('span', { class: 'spinner', 'aria-hidden': 'true' }), spreading(seconds))
  } })
  show(place, false)
}
