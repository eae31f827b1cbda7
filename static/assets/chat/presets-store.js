// Presets: a model, a system prompt, a temperature and an effort under one name. The browser keeps them, for each user
// apart. This module decides what of a preset a model can take.
import { recallList, remember } from '../lib/remember.js'
import { hasTemperature, reasoningChoices } from './models.js'
/** @import { Conversation, Model } from '../types.d.ts' */

/** @typedef {Pick<Conversation, 'model' | 'system' | 'temperature' | 'reasoning'>} Settings */
/** @typedef {Settings & { readonly name: string }} Preset */

const maxNameChars = 60

/**
 * What is stored may be of any shape: anything that is no preset is left out.
 * @param {string} user
 * @returns {Preset[]}
 */
export function loadPresets (user) {
  return recallList(keyOf(user)).filter(isPreset)
}

/**
 * @param {string} user
 * @param {readonly Preset[]} presets
 * @returns {boolean} whether the browser keeps them
 */
export function savePresets (user, presets) {
  return remember(keyOf(user), JSON.stringify(presets))
}

/**
 * @param {string} name
 * @param {Settings} settings
 * @returns {Preset}
 */
export function toPreset (name, { model, system, temperature, reasoning }) {
  return { name: name.trim().slice(0, maxNameChars), model, system, temperature, reasoning }
}

/**
 * The settings as they can be applied, and what had to be left out. A model that is not offered now leaves the current
 * one.
 * @param {Preset} preset
 * @param {readonly Model[]} models
 * @param {Model | null} current
 * @returns {{ settings: Settings, model: Model | null, lost: ('model' | 'temperature' | 'effort')[] }}
 */
export function fitPreset ({ model: id, system, temperature, reasoning }, models, current) {
  const wanted = models.find(model => model.id === id)
  const model = wanted ?? current
  const takesTemperature = temperature === null || model !== null && hasTemperature(model)
  const takesEffort = reasoning === '' || model !== null && reasoningChoices(model).includes(reasoning)
  return {
    model,
    settings: { model: model?.id ?? id, system, temperature: takesTemperature ? temperature : null,
      reasoning: takesEffort ? reasoning : '' },
    lost: /** @type {const} */ (['model', 'temperature', 'effort']).filter(what =>
      !{ model: wanted !== undefined, temperature: takesTemperature, effort: takesEffort }[what]
    ),
  }
}

/** @param {string} user */
function keyOf (user) {
  return `copilot-proxy.presets.${user}`
}

/**
 * @param {any} value
 * @returns {value is Preset}
 */
function isPreset (value) {
  return typeof value?.name === 'string' && value.name !== '' && typeof value.model === 'string'
    && typeof value.system === 'string' && typeof value.reasoning === 'string'
    && (value.temperature === null || Number.isFinite(value.temperature))
}
