// Signs a phone in: shows a one-time code as a QR code, and tells when a new device has used it. The code is on the
// page until its two minutes are over, or the reader leaves it.
import { ask } from '../lib/api.js'
import { explain } from '../lib/causes.js'
import { copyButton } from '../lib/copy.js'
import { byId, failure, h, icon, show } from '../lib/dom.js'
import { clockTime } from '../lib/format.js'
import { drawQr } from '../lib/qr.js'
import { session } from '../lib/session.js'
import { t } from '../lib/text.js'
import { drawList } from './devices.js'
/** @import { Session } from '../types.d.ts' */

const lookMs = 3_000
/** Ends what the last code began. */
let stop = () => {}

/** @param {Session} now */
export async function offerPhone (now) {
  hidePhone()
  const [before, answer] = await Promise.all([ask('/devices', { session: now }),
    ask('/session/device-code', { method: 'POST', body: {} })])
  if (session() !== now) return
  const box = byId('phone-code')
  show(box, true)
  if (!answer.ok) return box.replaceChildren(failure(explain(answer)))
  const known = new Set(before.ok ? before.data.data.map(({ id }) => id) : [])
  draw(now, answer.data.code, Date.parse(answer.data.expires_at), known)
}

export function hidePhone () {
  stop()
  byId('phone-code').replaceChildren()
  show(byId('phone-code'), false)
}

/**
 * @param {Session} now
 * @param {string} code
 * @param {number} endsAt by the clock of the server: a wrong one here only shows another time
 * @param {ReadonlySet<string>} known the devices before
 */
function draw (now, code, endsAt, known) {
  const link = `${location.origin}/#device=${code}`
  const left = h('span', { class: 'muted small-text' })
  const box = byId('phone-code')
  box.replaceChildren(
    h('div', { class: 'phone' }, drawQr(link, t('setup.phone.qr')),
      h('div', { class: 'field' }, h('p', {}, h('strong', {}, t('setup.phone.scan'))),
        h('p', { class: 'muted small-text' }, t('setup.phone.once')), isLoopback(location.hostname)
        ? h('p', { class: 'small-text warn' }, t('setup.phone.loopback', { host: location.hostname }))
        : null, h('div', { class: 'row' }, copyButton(() =>
          link, { label: t('setup.phone.copy') }),
          h('button', { type: 'button', class: 'quiet small', onclick: hidePhone }, t('setup.phone.hide')), left))),
  )
  const ticking = setInterval(tick, 1_000)
  const looking = setInterval(look, lookMs)
  stop = () => {
    clearInterval(ticking)
    clearInterval(looking)
  }
  tick()

  function tick () {
    const seconds = (endsAt - Date.now()) / 1_000
    left.textContent = t('setup.link.left', { time: clockTime(Math.max(0, seconds)) })
    if (seconds > 0) return
    end('warn', t('setup.phone.over'))
  }

  async function look () {
    if (document.hidden) return
    const answer = await ask('/devices', { session: now })
    if (session() !== now || !answer.ok || !left.isConnected) return
    const added = answer.data.data.find(({ id }) => !known.has(id))
    if (added === undefined) return
    drawList(answer.data.data)
    end('check', t('setup.phone.done', { device: added.name }))
  }

  /**
   * @param {'warn' | 'check'} sign
   * @param {string} text
   */
  function end (sign, text) {
    stop()
    box.replaceChildren(
      h('div', { class: `banner ${sign === 'check' ? 'good' : 'warn'}` }, icon(sign), h('p', { role: 'status' }, text)),
    )
  }
}

/** @param {string} host */
function isLoopback (host) {
  return host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]'
}
