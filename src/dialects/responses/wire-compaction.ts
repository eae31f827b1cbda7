// Compaction items: a conversation as one opaque item. Copilot's own only fit the model that made them. The gateway's
// contain a summary in plain text, so that each instance reads them back without a store, for any model.
// `docs/spec/translation.md#compaction`.
import { decodeBase64, fromUtf8, toBase64Url, utf8 } from '../../bytes.ts'
import { GatewayError } from '../../errors.ts'
import { parseObjectWithin, type JsonObject } from '../../json.ts'
import { isGiven, text } from './wire.ts'

const prefix = 'cpt1.s.'
const version = 1
const maxIdLength = 64

export const trigger = { type: 'compaction_trigger' } as const

export function packSummary (summary: string): string {
  return prefix + toBase64Url(utf8(JSON.stringify({ v: version, text: summary })))
}

export type Compaction =
  /** Ours, as the text of a message. */
  | { readonly kind: 'summary', readonly text: string }
  /** Copilot's own, or another server's. */
  | { readonly kind: 'foreign', readonly item: JsonObject }
  | { readonly kind: 'empty' }

/** @param at the item's path in the request @throws {GatewayError} `invalid_request` for a damaged summary */
export function readCompaction (item: JsonObject, at: string): Compaction {
  const state = item['encrypted_content']
  if (!isGiven(state) || state === '') return { kind: 'empty' }
  if (typeof state !== 'string') throw damaged(at, 'must be a text')
  if (!state.startsWith('cpt1.')) return { kind: 'foreign', item: nativeCompaction(item, state) }
  const summary = unpackSummary(state)
  if (summary === null) throw damaged(at, 'is not a summary that this gateway wrote')
  return { kind: 'summary', text: `Summary of the conversation so far:\n\n${summary}` }
}

/** Under the only type that Copilot knows. Its own ids are longer than it takes back. */
function nativeCompaction (item: JsonObject, state: string): JsonObject {
  return item['type'] === 'compaction' && text(item['id']).length <= maxIdLength
    ? item
    : { type: 'compaction', encrypted_content: state }
}

function unpackSummary (state: string): string | null {
  const bytes = state.startsWith(prefix) ? decodeBase64(state.slice(prefix.length)) : null
  if (bytes === null) return null
  try {
    const { v, text: summary } = parseObjectWithin(fromUtf8(bytes)) ?? {}
    return v === version && text(summary) !== '' ? text(summary) : null
  } catch {
    return null
  }
}

function damaged (at: string, what: string): GatewayError {
  const param = `${at}.encrypted_content`
  return new GatewayError('invalid_request', `\`${param}\` ${what}.`, { param })
}
