// Codex's catalogue of the seat's models, as a file. With a plain key Codex never asks for the list, but reads this
// file.
import { announce } from '../lib/announce.js'
import { ask } from '../lib/api.js'
import { explain } from '../lib/causes.js'
import { h, icon } from '../lib/dom.js'
import { saveJson } from '../lib/save.js'
import { t } from '../lib/text.js'
/** @import { Session } from '../types.d.ts' */

/**
 * @param {Session} session
 * @param {string} name of the file
 */
export function drawCatalogueButton (session, name) {
  const note = h('span', { class: 'muted small-text' })
  const button = h('button', { type: 'button', class: 'quiet small' }, icon('down'),
    t('setup.catalogue.save', { name }))
  button.addEventListener('click', async () => {
    button.disabled = true
    const answer = await ask('/models?client_version=latest', { session })
    button.disabled = false
    const models = answer.ok ? answer.data.models : []
    if (models.length > 0) saveJson(name, JSON.stringify({ models }, null, 1))
    note.textContent = outcome(answer.ok, explain(answer), models.length)
    announce(note.textContent)
  })
  return h('p', { class: 'row' }, button, note)
}

/**
 * @param {boolean} isAnswered
 * @param {string} message
 * @param {number} count
 */
function outcome (isAnswered, message, count) {
  if (!isAnswered) return t('setup.catalogue.failed', { why: message })
  return count === 0 ? t('setup.models.none') : t('setup.catalogue.saved', { count })
}
