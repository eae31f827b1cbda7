// Builds the objects that encoders write, with each name checked by the compiler. It does not check the names in a
// spread: `{ ...(x === null ? {} : { max_tokenz: x }) }` compiles. So encoders write optional fields as
// `max_tokens: x ?? undefined`, and this leaves the undefined ones out.

/** The fields of `T`; an optional one may also be undefined. */
export type Draft<T> = { readonly [K in keyof T]: object extends Pick<T, K> ? T[K] | undefined : T[K] }

/** The same object, in the same order, without undefined fields: it looks the same before and after serialisation. */
export function omitUndefined<T extends object> (fields: Draft<T>): T {
  // The type of `fields` says which may be undefined, and only those are left out.
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T
}
