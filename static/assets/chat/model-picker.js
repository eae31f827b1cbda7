// The model picker: free models first, and in a line below, what the chosen model can do.
import { ask } from '../lib/api.js'
import { byId, h } from '../lib/dom.js'
import { describe, isChatModel } from './models.js'
/** @import { Model, Session } from '../types.d.ts' */

const rememberedAs = 'copilot-proxy.model'

/** @param {(model: Model) => void} onChange */
export function createModelPicker (onChange) {
  const picker = byId('model')
  /** @type {readonly Model[]} */
  let models = []
  picker.addEventListener('change', () => {
    try {
      window.localStorage.setItem(rememberedAs, picker.value)
    } catch { /* storage may be off */ }
    draw()
    const model = current()
    if (model !== null) onChange(model)
  })
  return {
    current,
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
      if (!answer.ok) return answer
      models = answer.data.data.filter(isChatModel)
      const shown = models.filter(model => model.model_picker_enabled !== false)
      picker.replaceChildren(...group('Free', shown.filter(({ free }) => free)),
        ...group('Premium', shown.filter(({ free }) => !free)),
        ...group('Older', models.filter(model => model.model_picker_enabled === false)))
      choose(remembered())
      const model = current()
      byId('model-info').textContent = model === null
        ? 'Copilot offers this account no models. Run the connection test on the Setup page.'
        : describe(model)
      return null
    },
    choose,
  }

  /** @returns {Model | null} */
  function current () {
    return models.find(({ id }) => id === picker.value) ?? null
  }

  /**
   * Chooses the first model if this id is not in the list.
   * @param {string | null} id
   */
  function choose (id) {
    const known = models.find(model => model.id === id)
    picker.value = known?.id ?? picker.querySelector('option')?.value ?? ''
    draw()
  }

  function draw () {
    const model = current()
    if (model !== null) byId('model-info').textContent = describe(model)
  }

  function remembered () {
    try {
      return window.localStorage.getItem(rememberedAs)
    } catch {
      return null
    }
  }
}

/**
 * @param {string} label
 * @param {readonly Model[]} models
 */
function group (label, models) {
  if (models.length === 0) return []
  return [h('optgroup', { label }, models.map(({ id, name }) => h('option', { value: id }, name ?? id)))]
}
