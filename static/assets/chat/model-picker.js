// The picker: free models first, and what the chosen one can do in a line below.
import { ask } from '../lib/api.js'
import { byId, h } from '../lib/dom.js'
import { describe, isChatModel } from './models.js'

const rememberedAs = 'copilot-proxy.model'

export function createModelPicker (onChange) {
  const picker = byId('model')
  let models = []
  picker.addEventListener('change', () => {
    try { window.localStorage.setItem(rememberedAs, picker.value) } catch { /* storage may be off */ }
    draw()
    onChange(current())
  })
  return {
    current,
    name: id => models.find(model => model.id === id)?.name ?? id,
    /** @returns what went wrong, or null */
    async load (session) {
      const answer = await ask('/models', { session })
      if (!answer.ok) return answer
      models = answer.data.data.filter(isChatModel)
      const group = (label, some) => some.length === 0 ? [] : [h('optgroup', { label }, some.map(({ id, name }) => h('option', { value: id }, name ?? id)))]
      const shown = models.filter(model => model.model_picker_enabled !== false)
      picker.replaceChildren(...group('Free', shown.filter(({ free }) => free)), ...group('Premium', shown.filter(({ free }) => !free)), ...group('Older', models.filter(model => model.model_picker_enabled === false)))
      choose(remembered())
      byId('model-info').textContent = models.length === 0 ? 'Copilot offers this account no models. Run the connection test on the Setup page.' : describe(current())
      return null
    },
    choose,
  }

  function current () {
    return models.find(({ id }) => id === picker.value) ?? null
  }

  /** Where the id is not there any more, the first one. */
  function choose (id) {
    picker.value = models.some(model => model.id === id) ? id : picker.querySelector('option')?.value ?? ''
    draw()
  }

  function draw () {
    const model = current()
    if (model !== null) byId('model-info').textContent = describe(model)
  }

  function remembered () {
    try { return window.localStorage.getItem(rememberedAs) } catch { return null }
  }
}
