// A user name is part of every address, so it is made to fit while it is typed.

export const reserved = new Set(['admin', 'api', 'assets', 'chat', 'github', 'healthz', 'metrics', 'readyz', 'static', 'users', 'v1'])

/** While typing: what can stand in a name at all. */
export function toNameCharacters (text) {
  return text.toLowerCase().replace(/[\s_.]+/g, '-').replace(/[^a-z0-9-]+/g, '').slice(0, 64)
}

/** When the field is left: hyphens single, and between letters only. */
export function toUsername (text) {
  return toNameCharacters(text.trim()).replace(/-+/g, '-').replace(/^-|-$/g, '')
}

/** @returns null when it can be used, else what is wrong with it */
export function problemOf (name) {
  if (name === '') return 'Choose a user name.'
  if (!/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name) || name.length > 64) return 'Use lower-case letters, digits and single hyphens between them.'
  return reserved.has(name) ? `“${name}” is a word this proxy uses itself. Choose another.` : null
}
