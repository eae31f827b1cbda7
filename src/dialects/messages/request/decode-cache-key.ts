// Derives a key that keeps a session on one prompt cache, for upstreams that accept one.
// `docs/spec/translation.md#other-fields`.
import { isObject, parseJson, type JsonObject } from '../../../json.ts'
import type { TextBlock } from '../../contract/prompt.ts'
import { text } from '../wire.ts'

/**
 * Claude Code puts its session into the user id, as JSON; the user's own ids in it are private. Null if nothing
 * identifies the session.
 */
export function cacheKeyOf (body: JsonObject, system: readonly TextBlock[]): string | null {
  const userId = isObject(body['metadata']) ? text(body['metadata']['user_id']) : ''
  const seed = sessionOf(userId) || userId || system[0]?.text
  return seed === undefined ? null : digest(seed.slice(0, mostSeed))
}

function sessionOf (userId: string): string {
  if (!userId.startsWith('{')) return /_session_([0-9a-fA-F-]{36})$/.exec(userId)?.[1] ?? ''
  try {
    const value = parseJson(userId)
    return isObject(value) ? text(value['session_id']) : ''
  } catch {
    return ''
  }
}

/** Sessions differ much earlier in the text. */
const mostSeed = 65_536

/** 32 hexadecimal digits: FNV-1a four times. Keys only need to differ; nothing depends on their security. */
function digest (seed: string): string {
  return [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map(basis => {
    let value = basis
    for (let at = 0; at < seed.length; at++) value = Math.imul(value ^ seed.charCodeAt(at), 0x01000193)
    return (value >>> 0).toString(16).padStart(8, '0')
  }).join('')
}
