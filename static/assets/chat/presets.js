// The presets in the dialog of options: choose, apply, save, rename, delete.
import { byId, h } from '../lib/dom.js'
import { t } from '../lib/text.js'
import { fitPreset, loadPresets, savePresets, toPreset } from './presets-store.js'
/** @import { Model } from '../types.d.ts' */
/** @import { Preset, Settings } from './presets-store.js' */

/**
 * `settings` are those of the open chat.
 * @typedef {{
 *   user: string, settings: () => Settings, models: readonly Model[], apply: (settings: Settings) => void,
 * }} Page
 */

/** @param {Page} page */
export function drawPresets ({ user, settings, models, apply }) {
  let presets = loadPresets(user)
  const note = h('p', { class: 'hint', role: 'status' }, t('chat.preset.hint'))
  const choice = h('select', { id: 'preset', onchange: draw })
  const name = h('input', { id: 'preset-name', type: 'text', maxlength: '60', autocomplete: 'off',
    placeholder: t('chat.preset.name'), 'aria-label': t('chat.preset.name') })
  const button = (/** @type {string} */ label, /** @type {() => void} */ onclick) =>
    h('button', { type: 'button', class: 'small', onclick }, label)
  const applyButton = button(t('chat.preset.apply'), useChosen)
  const renameButton = button(t('chat.preset.rename'), rename)
  const deleteButton = button(t('chat.preset.delete'), remove)
  const saveButton = button(t('chat.preset.save-new'), save)
  byId('presets').replaceChildren(
    h('div', { class: 'field' }, h('label', { for: 'preset' }, t('chat.preset')),
      h('div', { class: 'row tight' }, h('span', { class: 'grow' }, choice), applyButton),
      h('div', { class: 'row tight' }, h('span', { class: 'grow' }, name)),
      h('div', { class: 'row tight' }, saveButton, renameButton, deleteButton), note),
  )
  drawChoice('')

  /** @param {string} chosen */
  function drawChoice (chosen) {
    choice.replaceChildren(
      h('option', { value: '' }, t(presets.length === 0 ? 'chat.preset.none' : 'chat.preset.choose')),
      ...presets.map(preset => h('option', { value: preset.name }, preset.name)),
    )
    choice.value = chosen
    draw()
  }

  function draw () {
    const isChosen = choice.value !== ''
    for (const one of [applyButton, renameButton, deleteButton]) one.disabled = !isChosen
    choice.disabled = presets.length === 0
    name.value = choice.value
  }

  function useChosen () {
    const preset = presets.find(one => one.name === choice.value)
    if (preset === undefined) return
    const before = models.find(({ id }) => id === settings().model) ?? null
    const fitted = fitPreset(preset, models, before)
    apply(fitted.settings)
    const model = fitted.model?.name ?? fitted.model?.id ?? ''
    say(t('chat.preset.applied', { name: preset.name }), ...fitted.lost.map(lost => {
      if (lost === 'model') return t('chat.preset.gone', { model: preset.model, current: model })
      if (lost === 'temperature') return t('chat.preset.temperature', { model })
      return t('chat.preset.effort', { model, effort: preset.reasoning })
    }))
  }

  /** Under the name of a preset that exists, it replaces that one. */
  function save () {
    const preset = toPreset(name.value, settings())
    if (preset.name === '') return ask()
    const isKnown = presets.some(one => one.name === preset.name)
    store(isKnown ? presets.map(one => one.name === preset.name ? preset : one) : [...presets, preset], preset.name,
      t(isKnown ? 'chat.preset.replaced' : 'chat.preset.saved', { name: preset.name }))
  }

  function rename () {
    const next = toPreset(name.value, settings()).name
    if (next === '') return ask()
    if (next !== choice.value && presets.some(one => one.name === next)) return say(t('chat.preset.taken'))
    store(presets.map(one => one.name === choice.value ? { ...one, name: next } : one), next,
      t('chat.preset.saved', { name: next }))
  }

  function remove () {
    const gone = choice.value
    store(presets.filter(one => one.name !== gone), '', t('chat.preset.deleted', { name: gone }))
    choice.focus()
  }

  function ask () {
    say(t('chat.preset.nameless'))
    name.focus()
  }

  /**
   * @param {readonly Preset[]} next
   * @param {string} chosen
   * @param {string} words
   */
  function store (next, chosen, words) {
    if (!savePresets(user, next)) return say(t('chat.preset.unstored'))
    presets = [...next]
    drawChoice(chosen)
    say(words)
  }

  /** @param {...string} words */
  function say (...words) {
    note.textContent = words.join(' ')
  }
}
