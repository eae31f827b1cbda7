// The options of a conversation: the system prompt, the temperature, the reasoning effort.
import { byId, h, show } from '../lib/dom.js'
import { tenths } from '../lib/format.js'
import { t } from '../lib/text.js'
import { hasTemperature, reasoningChoices } from './models.js'
/** @import { Conversation, Model } from '../types.d.ts' */

/** @typedef {Partial<Pick<Conversation, 'system' | 'temperature' | 'reasoning'>>} Change */

/**
 * @param {(change: Change) => void} onChange called with the fields of the conversation that changed
 * @param {() => import('./presets.js').Page} presetsPage what the presets, which load with the dialog, work on
 */
export function createOptions (onChange, presetsPage) {
  const system = byId('system')
  const temperature = byId('temperature')
  const isDefault = byId('temperature-default')
  const reasoning = byId('reasoning')
  const dialog = byId('options-dialog')

  system.addEventListener('input', () => onChange({ system: system.value }))
  temperature.addEventListener('input', () => {
    isDefault.checked = false
    changeTemperature()
  })
  isDefault.addEventListener('change', changeTemperature)
  reasoning.addEventListener('change', () => onChange({ reasoning: reasoning.value }))
  byId('options').addEventListener('click', () => {
    dialog.showModal()
    void import('./presets.js').then(({ drawPresets }) => drawPresets(presetsPage()), () => {})
  })
  byId('options-close').addEventListener('click', () => dialog.close())

  return {
    /**
     * @param {Conversation} conversation
     * @param {Model | null} model
     */
    draw (conversation, model) {
      system.value = conversation.system
      isDefault.checked = conversation.temperature === null
      temperature.value = String(conversation.temperature ?? 1)
      const choices = model ? reasoningChoices(model) : []
      reasoning.replaceChildren(
        ...['', ...choices].map(choice =>
          h('option', { value: choice }, choice === '' ? t('chat.options.default') : choice)
        ),
      )
      reasoning.value = choices.includes(conversation.reasoning) ? conversation.reasoning : ''
      show(byId('reasoning-field'), choices.length > 0)
      const isFree = !model || hasTemperature(model)
      temperature.disabled = isDefault.disabled = !isFree
      byId('temperature-note').textContent = isFree ? '' : t('chat.options.fixed')
      drawTemperature()
      byId('options').classList.toggle('set',
        conversation.system !== '' || conversation.temperature !== null || conversation.reasoning !== '')
    },
  }

  function changeTemperature () {
    onChange({ temperature: isDefault.checked ? null : Number(temperature.value) })
    drawTemperature()
  }

  function drawTemperature () {
    byId('temperature-value').textContent = isDefault.checked
      ? t('chat.options.default')
      : tenths(Number(temperature.value))
  }
}
