// What each user's calls of the last seven days cost, the largest first. On KV each day of a user is one read.
import { byId, h } from '../lib/dom.js'
import { compact, count, credits } from '../lib/format.js'
import { nodes, t } from '../lib/text.js'
import { askAdmin } from './ask.js'
import { cell, nothing, showTrouble, table, time } from './cells.js'
/** @import { UserUsage } from './types.d.ts' */

const dayMs = 86_400_000
const days = 7

export async function drawUsageOfAll () {
  const first = new Date(Date.now() - (days - 1) * dayMs).toISOString().slice(0, 10)
  const answer = await askAdmin('/usage', { more: `?from=${first}` })
  const body = byId('admin-usage-body')
  if (!answer.ok) return showTrouble(body, answer)
  const { from, data } = answer.data
  byId('admin-usage-since').replaceChildren(...nodes('admin.calls.since', { count: days, day: time(from) }))
  const rows = [...Map.groupBy(data, ({ user }) => user)].map(([user, own]) => totalOf(user, own)).sort((a, b) =>
    b.credits - a.credits || b.requests - a.requests
  )
  body.replaceChildren(
    rows.length === 0
      ? nothing(t('admin.calls.none'))
      : table(t('admin.calls.list'), [t('admin.calls.user'), t('admin.calls.models'), t('admin.calls.requests'),
        t('admin.calls.input'), t('admin.calls.cached'), t('admin.calls.output'), t('admin.calls.credits')],
        rows.map(row)),
  )
}

/**
 * @param {string} user
 * @param {readonly UserUsage[]} rows of this user
 */
function totalOf (user, rows) {
  /** @param {(row: UserUsage) => number} read */
  const sum = read => rows.reduce((total, row) => total + read(row), 0)
  return { user, models: rows.toSorted((a, b) => b.requests - a.requests).map(({ model }) => model),
    requests: sum(row => row.requests), input: sum(row => row.input_tokens), cached: sum(row => row.cached_tokens),
    output: sum(row => row.output_tokens), credits: sum(row => row.credits) }
}

/** @param {ReturnType<typeof totalOf>} total */
function row ({ user, models, requests, input, cached, output, credits: spent }) {
  /**
   * @param {string} name
   * @param {string} text
   */
  const number = (name, text) => h('td', { class: 'number', dataset: { name } }, text)
  return h('tr', {}, h('th', { scope: 'row' }, user),
    cell(t('admin.calls.models'),
      models.length > 3
        ? t('admin.calls.more', { names: models.slice(0, 3).join(', '), count: models.length - 3 })
        : models.join(', ')), number(t('admin.calls.requests'), count(requests)),
    number(t('admin.calls.input'), compact(input)), number(t('admin.calls.cached'), compact(cached)),
    number(t('admin.calls.output'), compact(output)), number(t('admin.calls.credits'), credits(spent)))
}
