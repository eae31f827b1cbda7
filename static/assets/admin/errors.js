// The last warnings and errors.
import { byId, h } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { askAdmin } from './ask.js'
import { cell, nothing, showTrouble, table, time } from './cells.js'
/** @import { RecentError } from './types.d.ts' */

export async function drawErrors () {
  const answer = await askAdmin('/errors')
  const body = byId('errors-body')
  if (!answer.ok) return showTrouble(body, answer)
  const { data } = answer.data
  byId('errors-count').textContent = data.length === 0 ? '' : t('admin.errors.lines', { count: data.length })
  body.replaceChildren(
    data.length === 0
      ? nothing(t('admin.errors.none'))
      : table(t('admin.errors.list'), [t('admin.errors.time'), t('admin.errors.what'), t('admin.errors.code'),
        t('admin.errors.user'), t('admin.errors.id')], data.map(row)),
  )
}

/** @param {RecentError} error */
function row ({ at, level, message, event, code, status, type, user, request_id: id }) {
  const codes = [status, code, event, type].filter(part => part !== null).join(' · ')
  return h('tr', {}, h('th', { scope: 'row' }, time(at)),
    cell(t('admin.errors.what'),
      level === 'error'
        ? h('span', { class: 'badge bad' }, t('admin.errors.error'))
        : h('span', { class: 'badge warn' }, t('admin.errors.warning')), ` ${message}`),
    cell(t('admin.errors.code'), codes), cell(t('admin.errors.user'), user ?? ''),
    cell(t('admin.errors.id'), id === null ? '' : h('span', { class: 'id' }, id)))
}
