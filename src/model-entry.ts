// An entry of upstream's model list, and how it is read. A leaf: the list itself is `upstream/models.ts`.
import { isObject } from './json.ts'

/** An entry as upstream sent it, of which only what is named here was checked. */
export interface Model extends Readonly<Record<string, unknown>> {
  readonly id: string
  readonly capabilities: { readonly type?: unknown, readonly supports?: unknown, readonly limits?: unknown, readonly [name: string]: unknown }
}
/** From upstream's order, each id once. */
export interface KnownModels {
  readonly models: readonly Model[]
  readonly byId: ReadonlyMap<string, Model>
}

/** Whether a feature is listed; a missing key means it is not. */
export function supports (model: Model, feature: string): boolean {
  const { supports: features } = model.capabilities
  return isObject(features) && features[feature] === true
}

/** A limit of the entry, such as `max_output_tokens`, or null. */
export function limitOf (model: Model, name: string): number | null {
  const { limits } = model.capabilities
  return isObject(limits) && typeof limits[name] === 'number' ? limits[name] : null
}

/** The paths upstream serves a model on. A chat model without a list speaks Chat Completions only. */
export function endpointsOf (model: Model): readonly string[] {
  const listed = model['supported_endpoints']
  if (Array.isArray(listed)) return listed.filter(path => typeof path === 'string')
  return model.capabilities.type === 'embeddings' ? ['/embeddings'] : model.capabilities.type === 'completion' ? [] : ['/chat/completions']
}

/** The reasoning efforts an entry lists; empty when it lists none. */
export function effortsOf (model: Model): readonly string[] {
  const { supports: features } = model.capabilities
  const listed = isObject(features) ? features['reasoning_effort'] : undefined
  return Array.isArray(listed) ? listed.filter(word => typeof word === 'string') : []
}

/** A number among the features, such as `max_thinking_budget`, or null. */
export function featureNumber (model: Model, name: string): number | null {
  const { supports: features } = model.capabilities
  return isObject(features) && typeof features[name] === 'number' ? features[name] : null
}
