// What each user's calls of the last seven days cost, the largest first. On KV each day of a user is one read.
import { byId, h } from '../lib/dom.js'
import { compact, count, credits } from '../lib/format.js'
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
  byId('admin-usage-since').replaceChildren(`The last ${days} days, since `, time(from))
  const rows = [...Map.groupBy(data, ({ user }) => user)].map(([user, own]) => totalOf(user, own)).sort((a, b) =>
    b.credits - a.credits || b.requests - a.requests
  )
  body.replaceChildren(
    rows.length === 0
      ? nothing('No calls in these days.')
      : table('Table of usage', ['User', 'Models', 'Requests', 'Tokens in', 'of them cached', 'Tokens out',
        'AI credits'], rows.map(row)),
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
    cell('Models',
      models.length > 3 ? `${models.slice(0, 3).join(', ')} and ${models.length - 3} more` : models.join(', ')),
    number('Requests', count(requests)), number('Tokens in', compact(input)), number('of them cached', compact(cached)),
    number('Tokens out', compact(output)), number('AI credits', credits(spent)))
}
