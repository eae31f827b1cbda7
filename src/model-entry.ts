// Reads an entry of upstream's model list. A leaf: `upstream/models.ts` holds the list itself.
import { isObject } from './json.ts'

/** An entry as upstream sent it. Only the fields named here were checked. */
export interface Model extends Readonly<Record<string, unknown>> {
  readonly id: string
  readonly capabilities: { readonly type?: unknown, readonly supports?: unknown, readonly limits?: unknown,
    readonly [name: string]: unknown }
}
/** In upstream's order, each id once. */
export interface KnownModels {
  readonly models: readonly Model[]
  readonly byId: ReadonlyMap<string, Model>
}

/** Whether the entry lists a feature; a missing key means that it does not. */
export function supports (model: Model, feature: string): boolean {
  const { supports: features } = model.capabilities
  return isObject(features) && features[feature] === true
}

/** False for a model whose terms nobody has accepted for this seat. */
export function isUsable ({ policy }: Model): boolean {
  return !isObject(policy) || policy['state'] === 'enabled'
}

/** A limit of the entry, such as `max_output_tokens`, or null. */
export function limitOf (model: Model, name: string): number | null {
  const { limits } = model.capabilities
  return isObject(limits) && typeof limits[name] === 'number' ? limits[name] : null
}

/** The paths on which upstream serves a model. A chat model without a list speaks only Chat Completions. */
export function endpointsOf (model: Model): readonly string[] {
  const listed = model['supported_endpoints']
  if (Array.isArray(listed)) return listed.filter(path => typeof path === 'string')
  return model.capabilities.type === 'embeddings'
    ? ['/embeddings']
    : model.capabilities.type === 'completion'
    ? []
    : ['/chat/completions']
}

/** The reasoning efforts that an entry lists, possibly none. */
export function effortsOf (model: Model): readonly string[] {
  const { supports: features } = model.capabilities
  const listed = isObject(features) ? features['reasoning_effort'] : undefined
  return Array.isArray(listed) ? listed.filter(word => typeof word === 'string') : []
}

/** A number in the entry's features, such as `max_thinking_budget`, or null. */
export function featureNumber (model: Model, name: string): number | null {
  const { supports: features } = model.capabilities
  return isObject(features) && typeof features[name] === 'number' ? features[name] : null
}
