// The key of one tool, above its settings: a button makes it, and the page shows it once. Of earlier keys the page
// knows the name alone.
import { ask } from '../lib/api.js'
import { busy } from '../lib/busy.js'
import { explain } from '../lib/causes.js'
import { h } from '../lib/dom.js'
import { drawSecret } from '../lib/secret.js'
import { session, signedIn } from '../lib/session.js'
import { t } from '../lib/text.js'
/** @import { UserKey } from '../types.d.ts' */

/**
 * @param {{ name: string, label: string, isConnected: boolean, key: string | undefined, earlier: UserKey | undefined,
 *   onKey: (key: string) => unknown }} tool `name` is that of its key; `isConnected`: its script makes a key;
 *   `key` is the new one, once there is one; `earlier` is the key that the user has for this tool
 */
export function drawToolKey ({ name, label, isConnected, key, earlier, onKey }) {
  if (key !== undefined) return drawNewKey(key)
  const problem = h('p', { class: 'problem', role: 'alert' })
  const button = h('button', { type: 'button', class: earlier ? 'small' : 'small primary', id: 'tool-key-create' },
    t(earlier ? 'setup.tool-key.replace' : 'setup.tool-key.create', { tool: label }))
  button.addEventListener('click', () =>
    busy(button, async () => {
      problem.textContent = ''
      const made = await makeToolKey(name, earlier)
      if (made === null) return
      if ('problem' in made) problem.textContent = made.problem
      else onKey(made.key)
    }))
  return h('div', { class: 'tool-key' },
    h('p', {},
      earlier
        ? t('setup.tool-key.earlier', { name: earlier.name })
        : t(isConnected ? 'setup.tool-key.connected' : 'setup.tool-key.needed', { tool: label })),
    h('div', { class: 'row' }, button), problem)
}

/** @param {string} key */
function drawNewKey (key) {
  const { element, buttons } = drawSecret(key, { id: 'tool-key', what: t('setup.key.what') })
  return h('div', { class: 'banner new-key', role: 'status' },
    h('p', {}, h('strong', {}, t('setup.tool-key.new')), ' ', t('setup.once')),
    h('div', { class: 'row' }, element, ...buttons))
}

/**
 * A replacement has the limits of the earlier key, which is revoked afterwards.
 * @param {string} name
 * @param {UserKey | undefined} earlier
 * @returns {Promise<{ key: string } | { problem: string } | null>} null if the user has left meanwhile
 */
async function makeToolKey (name, earlier) {
  const now = signedIn()
  const { models = null, monthly_credits = null, seat, expires_at: end = null } = earlier ?? {}
  const expires_at = end !== null && Date.parse(end) > Date.now() ? end : null
  const answer = await ask('/keys', { session: now, method: 'POST',
    body: { name, models, monthly_credits, expires_at, ...(seat === undefined ? {} : { seat }) } })
  if (session() !== now) return null
  if (!answer.ok) return { problem: explain(answer) }
  if (earlier) await ask(`/keys/${earlier.id}`, { session: now, method: 'DELETE' })
  return session() === now ? { key: answer.data.key } : null
}
