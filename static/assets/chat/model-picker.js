// The chosen model, the button that shows it, and a line about it. The list to choose from is loaded when the button is
// first pressed.
import { ask } from '../lib/api.js'
import { byId, h, icon } from '../lib/dom.js'
import { recall, remember } from '../lib/remember.js'
import { t } from '../lib/text.js'
import { describe } from './model-words.js'
import { isChatModel } from './models.js'
/** @import { Model, Session } from '../types.d.ts' */

const rememberedAs = 'copilot-proxy.model'

/** @param {(model: Model) => void} onChange called when the user chooses a model */
export function createModelPicker (onChange) {
  const button = byId('model')
  /** @type {readonly Model[]} */
  let models = []
  /** @type {Model | null} */
  let chosen = null
  let isLoaded = false
  draw()
  button.addEventListener('click', async () => {
    const { openModelList } = await import('./model-list.js')
    openModelList({ models: inOrder(), current: chosen, onChoose: use })
  })
  return {
    /** @returns {Model | null} */
    current: () => chosen,
    all: () => models,
    /** @param {string} id */
    name: id => models.find(model => model.id === id)?.name ?? id,
    /** A free model for small work of the page, such as titles. */
    free: () => models.find(({ free }) => free) ?? null,
    /**
     * @param {Session} session
     * @returns the proxy's answer if it failed, else null
     */
    async load (session) {
      const answer = await ask('/models', { session })
      if (!answer.ok) {
        isLoaded = true
        draw()
        return answer
      }
      models = answer.data.data.filter(isChatModel)
      isLoaded = true
      button.disabled = models.length === 0
      choose(recall(rememberedAs))
      if (chosen === null) byId('model-info').textContent = t('chat.model.none')
      return null
    },
    choose,
    use,
  }

  /**
   * As the user does it: the choice is remembered.
   * @param {string} id
   */
  function use (id) {
    choose(id)
    if (chosen === null) return
    remember(rememberedAs, chosen.id)
    onChange(chosen)
  }

  /**
   * Chooses the first model if this id is not in the list.
   * @param {string | null} id
   */
  function choose (id) {
    chosen = models.find(model => model.id === id) ?? inOrder()[0] ?? null
    draw()
  }

  function draw () {
    button.replaceChildren(h('span', { class: 'offscreen' }, t('chat.model')),
      h('span', { class: 'model-name' },
        chosen?.name ?? chosen?.id ?? t(isLoaded ? 'chat.models.unloaded' : 'chat.model.loading')), icon('chevron'))
    if (chosen !== null) {
      button.dataset['model'] = chosen.id
      byId('model-info').textContent = describe(chosen)
    }
  }

  /** Free models first, those that Copilot's own list leaves out last. */
  function inOrder () {
    const rank = (/** @type {Model} */ { free, model_picker_enabled: isOffered }) =>
      isOffered === false ? 2 : free === true ? 0 : 1
    return models.toSorted((one, other) => rank(one) - rank(other))
  }
}
