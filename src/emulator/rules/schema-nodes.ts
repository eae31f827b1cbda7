// Every schema inside a tool's schema, with its path. Does not recurse, so that no depth overflows the stack.
import { isFields, list } from '../json.ts'
import type { Fields } from '../json.ts'

export interface SchemaNode {
  readonly node: Fields
  readonly path: readonly (string | number)[]
}

const maps = ['properties', 'patternProperties', 'dependencies', '$defs', 'definitions']
const lists = ['anyOf', 'allOf', 'oneOf', 'prefixItems']
const single = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains']

export function* schemaNodes (root: unknown): Generator<SchemaNode> {
  const open: { value: unknown, path: readonly (string | number)[] }[] = [{ value: root, path: [] }]
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { value: node, path } = next
    if (!isFields(node)) continue
    yield { node, path }
    for (const key of maps) {
      if (isFields(node[key])) {
        for (const [name, value] of Object.entries(node[key])) open.push({ value, path: [...path, key, name] })
      }
    }
    for (const key of lists) {
      for (const [at, value] of list(node[key]).entries()) open.push({ value, path: [...path, key, at] })
    }
    for (const key of single) {
      for (const value of Array.isArray(node[key]) ? node[key] as unknown[] : [node[key]]) {
        open.push({ value, path: [...path, key] })
      }
    }
  }
}

/** Writes a path as OpenAI's checker does: as a Python tuple. */
export function tupleOf (path: readonly (string | number)[]): string {
  const parts = path.map(part => typeof part === 'number' ? String(part) : `'${part}'`)
  return parts.length === 1 ? `(${parts[0]},)` : `(${parts.join(', ')})`
}
