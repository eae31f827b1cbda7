// Helpers that write schemas.

export type Json = { readonly [name: string]: unknown }

export const textSchema = { type: 'string' } as const

/**
 * An object. It always allows further fields, because both sides may add some.
 * @param required all properties by default
 */
export function shape (properties: Json, required: readonly string[] = Object.keys(properties)): Json {
  return { type: 'object', ...(required.length === 0 ? {} : { required }), properties }
}

export function ref (kind: 'schemas' | 'headers' | 'parameters' | 'responses', name: string): Json {
  return { $ref: `#/components/${kind}/${name}` }
}
