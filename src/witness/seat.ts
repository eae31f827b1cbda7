// Chooses the models for the witness: free ones only.
import { endpointsOf, supports, type Model } from '../model-entry.ts'
import { isObject } from '../json.ts'
import { isFree } from '../upstream/free.ts'
import type { Seat } from './question.ts'

export function readSeat (models: readonly Model[]): Seat {
  const free = models.filter(model => isFree(model) && isUsable(model))
  const chat = free.filter(({ capabilities }) => capabilities.type === undefined || capabilities.type === 'chat')
  // Prefers models that do not reason: they answer in one word.
  const ordered = [...chat.filter(model => !reasons(model)), ...chat.filter(reasons)].filter(model =>
    supports(model, 'streaming')
  )
  return {
    models,
    freeOn: path => ordered.find(model => endpointsOf(model).includes(path)) ?? null,
    notOnMessages: ordered.find(model => !endpointsOf(model).includes('/v1/messages')) ?? null,
    embedding: free.find(({ capabilities }) => capabilities.type === 'embeddings') ?? null,
  }
}

/** Copilot refuses a model until the user accepts its policy. */
function isUsable ({ policy }: Model): boolean {
  return !isObject(policy) || policy['state'] === undefined || policy['state'] === 'enabled'
}

export function reasons (model: Model): boolean {
  const { supports: flags } = model.capabilities
  return isObject(flags) && Array.isArray(flags['reasoning_effort']) && flags['reasoning_effort'].length > 0
}
