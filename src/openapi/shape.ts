// The few words in which schemas are written.
import type { Json } from './types.ts'

export const text = { type: 'string' } as const

/** An object. Further fields are always allowed: both sides may learn new ones. @param required all, where nothing is said */
export function shape (properties: Json, required: readonly string[] = Object.keys(properties)): Json {
  return { type: 'object', ...(required.length === 0 ? {} : { required }), properties }
}

export function ref (kind: 'schemas' | 'headers' | 'responses', name: string): Json {
  return { $ref: `#/components/${kind}/${name}` }
}
