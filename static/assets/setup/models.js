// The models of the seat: a table with a search, and each model's price, context and abilities.
import { explain } from '../lib/causes.js'
import { copyButton } from '../lib/copy.js'
import { byId, failure, h } from '../lib/dom.js'
import { compact } from '../lib/format.js'
import { session } from '../lib/session.js'
import { t } from '../lib/text.js'
/** @import { Answers, Model, Reply, Session } from '../types.d.ts' */

/** @type {readonly (readonly [string, string, (model: Model) => boolean])[]} */
const filters = [['free', t('setup.models.free'), model => model.free === true], ['vision', t('setup.models.vision'),
  model => model.capabilities?.supports?.vision === true], ['tools', t('setup.models.tools'),
  model => model.capabilities?.supports?.tool_calls === true], ['picker', t('setup.models.recommended'),
  model => model.model_picker_enabled === true]]

/**
 * @param {Session} now
 * @param {Promise<Reply<Answers['/models']>>} asked
 * @param {(id: string) => void} onUse receives the model that the user chooses for the settings of tools
 */
export async function drawModels (now, asked, onUse) {
  const body = byId('models-body')
  byId('models-filters').replaceChildren()
  byId('models-count').textContent = ''
  body.replaceChildren(
    h('p', { class: 'muted row' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }), t('setup.models.loading')),
  )
  const answer = await asked
  if (session() !== now) return
  if (!answer.ok) {
    return body.replaceChildren(failure(t('setup.models.failed', { why: explain(answer) })))
  }
  const models = answer.data.data
  if (models.length === 0) {
    return body.replaceChildren(
      h('p', { class: 'empty' }, t('setup.models.none'), ' ', h('a', { href: '/#test' }, t('setup.models.why'))),
    )
  }

  const search = h('input', { type: 'search', placeholder: t('setup.models.search'),
    'aria-label': t('setup.models.search'), oninput: draw })
  const ticks = filters.map(([id, name, fits]) => ({ fits,
    box: h('input', { type: 'checkbox', id: `filter-${id}`, onchange: draw }), name })
  )
  byId('models-filters').replaceChildren(search,
    ...ticks.map(({ box, name }) => h('label', { class: 'tick' }, box, name)))
  draw()

  function draw () {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean)
    const found = models.filter(model =>
      ticks.every(({ box, fits }) => !box.checked || fits(model))
      && words.every(word => `${model.id} ${model.name ?? ''} ${model.vendor ?? ''}`.toLowerCase().includes(word))
    )
    byId('models-count').textContent = found.length === models.length
      ? t('setup.models.count', { count: models.length })
      : t('setup.models.found', { found: found.length, count: models.length })
    body.replaceChildren(
      found.length === 0
        ? h('p', { class: 'empty' }, t('setup.models.no-match'), ' ',
          h('button', { type: 'button', class: 'link', onclick () {
            search.value = ''
            for (const { box } of ticks) box.checked = false
            draw()
            search.focus()
          } }, t('setup.models.all')))
        : h('div', { class: 'table tall', tabindex: '0', role: 'region', 'aria-label': t('setup.models.table') },
          h('table', { class: 'stack' },
            h('thead', {},
              h('tr', {},
                [t('setup.column.model'), t('setup.models.price'), t('setup.models.context'),
                  t('setup.models.endpoints'), t('setup.models.can'), t('setup.models.settings')].map(name =>
                    h('th', { scope: 'col' }, name)
                  ))), h('tbody', {}, found.map(model => drawRow(model, onUse))))),
    )
  }
}

/**
 * @param {Model} model
 * @param {(id: string) => void} onUse
 */
function drawRow (model, onUse) {
  const { id, name, vendor, preview, capabilities: { type, supports = {} } = {}, context_length: context,
    max_output_tokens: output, policy } = model
  const state = policy?.state
  const badges = [supports.vision && t('setup.models.can.vision'), supports.tool_calls && t('setup.models.can.tools'),
    Boolean(supports.reasoning_effort || supports.max_thinking_budget) && t('setup.models.can.reasoning'),
    type === 'embeddings' && t('setup.models.can.embeddings'),
    type === 'completion' && t('setup.models.can.completion'),
    supports.streaming !== true && type === 'chat' && t('setup.models.can.no-streaming')].filter(Boolean)
  return h('tr', {},
    h('th', { scope: 'row' }, name ?? id,
      ...(preview ? [' ', h('span', { class: 'badge' }, t('setup.models.preview'))] : []),
      h('span', { class: 'id' }, id), h('span', { class: 'muted small-text' }, vendor ?? '')),
    h('td', {}, priceOf(model)),
    h('td', { dataset: { name: t('setup.models.context') } },
      context
        ? h('span', { title: output ? t('setup.models.output', { tokens: compact(output) }) : '' }, compact(context))
        : '–'),
    h('td', {}, h('span', { class: 'badges' }, endpointsOf(model).map(path => h('span', { class: 'badge' }, path)))),
    h('td', {}, h('span', { class: 'badges' }, badges.map(word => h('span', { class: 'badge' }, word)))),
    h('td', {},
      state && state !== 'enabled'
        ? h('span', { class: 'badge warn', title: t('setup.models.consent.why') },
          state === 'unconfigured' ? t('setup.models.consent') : state)
        : h('span', { class: 'row tight' },
          copyButton(() => id, { label: t('setup.models.copy'), what: t('setup.models.copy.what', { id }) }),
          type === 'chat'
            ? h('button', { type: 'button', class: 'quiet small', 'aria-label': t('setup.models.use.what', { id }),
              onclick: () => onUse(id) }, t('setup.models.use'))
            : '')))
}

/** @param {Model} model */
function priceOf ({ free, billing }) {
  if (free) return h('span', { class: 'badge free' }, t('setup.models.free.badge'))
  const prices = billing?.token_prices?.default
  if (billing && prices) {
    const batch = (billing.token_prices?.batch_size ?? 1_000_000) / 1_000_000
    return h('span', { title: t('setup.models.credits.why') },
      t('setup.models.credits', { input: compact((prices.input_price ?? 0) / batch),
        output: compact((prices.output_price ?? 0) / batch) }))
  }
  if (typeof billing?.multiplier === 'number') {
    return h('span', { title: t('setup.models.multiplier.why') }, `${billing.multiplier}×`)
  }
  return h('span', { class: 'muted' }, t('setup.unknown'))
}

const names = new Map([['/chat/completions', 'chat'], ['/responses', 'responses'], ['/v1/messages', 'messages'], [
  '/embeddings',
  'embeddings',
]])

/**
 * Copilot's endpoints for this model. The proxy offers every chat model on all three.
 * @param {Model} model
 */
function endpointsOf ({ supported_endpoints: listed, capabilities }) {
  if (Array.isArray(listed)) {
    return listed.filter(path => typeof path === 'string' && !path.startsWith('ws:')).map(path =>
      names.get(path) ?? path
    )
  }
  return capabilities?.type === 'chat' ? ['chat'] : capabilities?.type === 'embeddings' ? ['embeddings'] : []
}
