// The tabs of the user's page. Each has an address, `/#usage`, so that reload, back and links lead to it. The page
// loads the data of a tab when somebody first opens it.
import { byId, show } from '../lib/dom.js'
import { tabs } from '../lib/tabs.js'
import { t } from '../lib/text.js'

/** @typedef {'connect' | 'keys' | 'usage' | 'models' | 'seats' | 'account'} TabName */

/** @type {readonly TabName[]} */
export const tabNames = ['connect', 'keys', 'usage', 'models', 'seats', 'account']
/** Anchors of sections, also of earlier releases, and their tabs. */
const anchors = new Map(
  /** @type {readonly (readonly [string, TabName])[]} */ ([['credentials', 'connect'], ['tool', 'connect'], ['test',
    'connect'], ['devices', 'account']]),
)

/** @param {{ onOpen: (name: TabName) => unknown }} page called each time that a tab opens */
export function createHomeTabs ({ onOpen }) {
  let isActive = false
  /** While the page follows the address, it writes none. */
  let isFollowing = false
  const title = document.title

  const bar = tabs(byId('home-tabs'), tab => {
    const name = /** @type {TabName} */ (tab.getAttribute('aria-controls'))
    if (isActive && !isFollowing && placeOf(location.hash)?.tab !== name) history.pushState(null, '', `/#${name}`)
    open(name)
  })
  const follow = () => {
    const place = placeOf(location.hash)
    if (!isActive) return
    isFollowing = true
    bar.select(byId(`tab-${place?.tab ?? 'connect'}`))
    isFollowing = false
    if (place?.anchor) document.getElementById(place.anchor)?.scrollIntoView()
  }
  window.addEventListener('hashchange', follow)
  window.addEventListener('popstate', follow)

  return {
    /** Opens the tab of the address. */
    enter () {
      isActive = true
      follow()
    },
    /** The next user begins with the first tab. */
    leave () {
      isActive = false
      document.title = title
      if (placeOf(location.hash) !== null) history.replaceState(null, '', '/')
    },
    /** @param {TabName} name */
    open: name => bar.select(byId(`tab-${name}`)),
    /** The same tab, with new data. */
    reopen: follow,
  }

  /** @param {TabName} name */
  function open (name) {
    for (const other of tabNames) show(byId(other), other === name)
    const words = byId(`tab-${name}`)
    words.scrollIntoView({ block: 'nearest', inline: 'nearest' })
    document.title = t('setup.title.tab', { tab: words.textContent.trim() })
    if (isActive) void onOpen(name)
  }
}

/**
 * @param {string} hash
 * @returns {{ tab: TabName, anchor: string | null } | null} null for an address of something else
 */
export function placeOf (hash) {
  const name = hash.slice(1)
  const tab = tabNames.find(known => known === name)
  if (tab !== undefined) return { tab, anchor: null }
  const found = anchors.get(name)
  return found === undefined ? null : { tab: found, anchor: name }
}
