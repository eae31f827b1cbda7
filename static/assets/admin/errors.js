// The last warnings and errors.
import { byId, h } from '../lib/dom.js'
import { plural } from '../lib/format.js'
import { askAdmin } from './ask.js'
import { cell, nothing, showTrouble, table, time } from './cells.js'
/** @import { RecentError } from './types.d.ts' */

export async function drawErrors () {
  const answer = await askAdmin('/errors')
  const body = byId('errors-body')
  if (!answer.ok) return showTrouble(body, answer)
  const { data } = answer.data
  byId('errors-count').textContent = data.length === 0 ? '' : plural(data.length, 'line')
  body.replaceChildren(
    data.length === 0
      ? nothing('No warnings and no errors.')
      : table('List of errors', ['Time', 'What', 'Code', 'User', 'Request id'], data.map(row)),
  )
}

/** @param {RecentError} error */
function row ({ at, level, message, event, code, status, type, user, request_id: id }) {
  const codes = [status, code, event, type].filter(part => part !== null).join(' · ')
  return h('tr', {}, h('th', { scope: 'row' }, time(at)),
    cell('What',
      level === 'error' ? h('span', { class: 'badge bad' }, 'error') : h('span', { class: 'badge warn' }, 'warning'),
      ` ${message}`), cell('Code', codes), cell('User', user ?? ''),
    cell('Request id', id === null ? '' : h('span', { class: 'id' }, id)))
}
