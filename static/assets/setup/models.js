// The models of the seat: a table with a search, and each model's price, context and abilities.
import { ask } from '../lib/api.js'
import { copyButton } from '../lib/copy.js'
import { byId, failure, h } from '../lib/dom.js'
import { compact, plural } from '../lib/format.js'
/** @import { Model, Session } from '../types.d.ts' */

/** @type {readonly (readonly [string, string, (model: Model) => boolean])[]} */
const filters = [['free', 'Free', model => model.free === true], ['vision', 'Vision',
  model => model.capabilities?.supports?.vision === true], ['tools', 'Tools',
  model => model.capabilities?.supports?.tool_calls === true], ['picker', 'Recommended',
  model => model.model_picker_enabled === true]]

/**
 * @param {Session} session
 * @param {{ onModels: (models: readonly Model[]) => void, onUse: (id: string) => void }} page `onModels` receives the
 * list once
 *   it has arrived; `onUse` receives the model that the user chooses for the settings above
 */
export async function drawModels (session, { onModels, onUse }) {
  const body = byId('models-body')
  byId('models-filters').replaceChildren()
  byId('models-count').textContent = ''
  body.replaceChildren(
    h('p', { class: 'muted row' }, h('span', { class: 'spinner', 'aria-hidden': 'true' }), 'Loading models…'),
  )
  const answer = await ask('/models', { session })
  if (!answer.ok) {
    return body.replaceChildren(failure(`Models could not be loaded. ${answer.message}`))
  }
  const models = answer.data.data
  onModels(models)
  if (models.length === 0) {
    return body.replaceChildren(
      h('p', { class: 'empty' }, 'Copilot offers this account no models. The connection test above says why.'),
    )
  }

  const search = h('input', { type: 'search', placeholder: 'Search models', 'aria-label': 'Search models',
    oninput: draw })
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
      ? plural(models.length, 'model')
      : `${found.length} of ${plural(models.length, 'model')}`
    body.replaceChildren(
      found.length === 0
        ? h('p', { class: 'empty' }, 'No model matches. ', h('button', { type: 'button', class: 'link', onclick () {
          search.value = ''
          for (const { box } of ticks) box.checked = false
          draw()
          search.focus()
        } }, 'Show all'))
        : h('div', { class: 'table tall', tabindex: '0', role: 'region', 'aria-label': 'Table of models' },
          h('table', { class: 'stack' },
            h('thead', {}, h('tr', {}, ['Model', 'Price', 'Context', 'Endpoints', 'Can', 'Settings'].map(name =>
              h('th', { scope: 'col' }, name)
            ))), h('tbody', {}, found.map(model =>
              drawRow(model, onUse)
            )))),
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
  const badges = [supports.vision && 'vision', supports.tool_calls && 'tools',
    Boolean(supports.reasoning_effort || supports.max_thinking_budget) && 'reasoning',
    type === 'embeddings' && 'embeddings', type === 'completion' && 'completion only',
    supports.streaming !== true && type === 'chat' && 'no streaming'].filter(Boolean)
  return h('tr', {},
    h('th', { scope: 'row' }, name ?? id, ...(preview ? [' ', h('span', { class: 'badge' }, 'preview')] : []),
      h('span', { class: 'id' }, id), h('span', { class: 'muted small-text' }, vendor ?? '')),
    h('td', {}, priceOf(model)),
    h('td', { dataset: { name: 'Context' } },
      context
        ? h('span', { title: output ? `Answers are limited to ${compact(output)} of these tokens` : '' },
          compact(context))
        : '–'),
    h('td', {}, h('span', { class: 'badges' }, endpointsOf(model).map(path => h('span', { class: 'badge' }, path)))),
    h('td', {}, h('span', { class: 'badges' }, badges.map(word => h('span', { class: 'badge' }, word)))),
    h('td', {},
      state && state !== 'enabled'
        ? h('span', { class: 'badge warn',
          title: 'Nobody has accepted its terms for this seat. Enable it at github.com/settings/copilot, or ask your '
            + 'organisation.' }, state === 'unconfigured' ? 'needs consent' : state)
        : h('span', { class: 'row tight' }, copyButton(() => id, { label: 'Copy id', what: `of ${id}` }),
          type === 'chat'
            ? h('button', { type: 'button', class: 'quiet small', 'aria-label': `Use ${id} in the settings above`,
              onclick: () => onUse(id) }, 'Use')
            : '')))
}

/** @param {Model} model */
function priceOf ({ free, billing }) {
  if (free) return h('span', { class: 'badge free' }, 'free')
  const prices = billing?.token_prices?.default
  if (billing && prices) {
    const batch = (billing.token_prices?.batch_size ?? 1_000_000) / 1_000_000
    return h('span', { title: 'AI credits per million tokens: input / output' },
      `${compact((prices.input_price ?? 0) / batch)} / ${compact((prices.output_price ?? 0) / batch)} credits`)
  }
  if (typeof billing?.multiplier === 'number') {
    return h('span', { title: 'Premium requests that each of your requests costs' }, `${billing.multiplier}×`)
  }
  return h('span', { class: 'muted' }, 'unknown')
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
