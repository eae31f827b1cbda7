// Walks a JSON Schema and changes its nodes from the leaves to the root. It does not recurse, so a schema of any depth
// is safe. It copies only what changes: an unchanged schema comes back as the same object.
import { isObject, type JsonObject } from '../json.ts'

/** Keywords that contain a schema, a list of schemas, or schemas by name. */
const single = new Set(['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains', 'propertyNames',
  'additionalItems', 'unevaluatedItems', 'unevaluatedProperties', 'contentSchema'])
const lists = new Set(['anyOf', 'allOf', 'oneOf', 'prefixItems', 'items'])
const named = new Set(['properties', '$defs', 'definitions', 'patternProperties', 'dependencies', 'dependentSchemas'])

interface Node {
  value: JsonObject
  readonly parent: number
  readonly field: string
  /** The key in a list or among names; null for a keyword with a single schema. */
  readonly key: string | number | null
}

const known = new WeakMap<JsonObject, readonly JsonObject[]>()

/** Every node, the root first. Several rules read the same schema, so the list is cached with the schema. */
export function nodesOf (root: JsonObject): readonly JsonObject[] {
  const nodes = known.get(root) ?? walk(root).map(node => node.value)
  known.set(root, nodes)
  return nodes
}

function walk (root: JsonObject): Node[] {
  const nodes: Node[] = [{ value: root, parent: -1, field: '', key: null }]
  for (let at = 0; at < nodes.length; at++) {
    const { value } = nodes[at] as Node
    for (const field in value) {
      const inner = value[field]
      if (typeof inner !== 'object' || inner === null) continue
      if (Array.isArray(inner)) {
        if (lists.has(field)) {
          inner.forEach((item: unknown, key) => {
            if (isObject(item)) nodes.push({ value: item, parent: at, field, key })
          })
        }
      } else if (single.has(field)) nodes.push({ value: inner as JsonObject, parent: at, field, key: null })
      else if (named.has(field)) {
        const group = inner as JsonObject
        for (const key in group) if (isObject(group[key])) nodes.push({ value: group[key], parent: at, field, key })
      }
    }
  }
  return nodes
}

/** @param fit sees each node after its children; returning the same object leaves it unchanged */
export function mapSchema (root: JsonObject, fit: (node: JsonObject, isRoot: boolean) => JsonObject): JsonObject {
  const nodes = walk(root)
  /** Copies made so far: each container is copied once. */
  const owned = new Set<unknown>()
  const own = (container: JsonObject | unknown[]): JsonObject | unknown[] => {
    if (owned.has(container)) return container
    const copy = Array.isArray(container) ? [...container] : { ...container }
    owned.add(copy)
    return copy
  }
  for (let at = nodes.length - 1; at >= 0; at--) {
    const node = nodes[at] as Node
    const before = node.value
    const fitted = fit(before, at === 0)
    const changed = fitted !== before || owned.has(before)
    node.value = fitted
    const parent = nodes[node.parent]
    if (!changed || parent === undefined) continue
    parent.value = own(parent.value) as JsonObject
    if (node.key === null) parent.value[node.field] = fitted
    else {
      const container = own(parent.value[node.field] as JsonObject | unknown[])
      parent.value[node.field] = container
      Reflect.set(container, node.key, fitted)
    }
  }
  return (nodes[0] as Node).value
}
