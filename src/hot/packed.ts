// The form in which values leave the process: those of one answer together, compressed if they are long, sealed with a
// key that only their account yields. So a stolen engine shows no conversation.
import type { Account } from '../auth/account.ts'
import { concatBytes, decodeBase64, fromUtf8, sha256, toBase64, toBase64Url, utf8 } from '../bytes.ts'
import type { Bytes } from '../contract.ts'
import type { SharedKind } from '../relay/sharing.ts'

/** SHA-256, as base64url. */
export type Digest = (text: string) =>
  | string
  | Promise<string>
/** The key of a value in the engine. */
export type HotKey = (owner: string, kind: SharedKind, id: string) => Promise<string>

/** Compression costs more than it saves below. */
const packedFrom = 16_384
/** No value that the gateway shares unpacks to more. */
const maxBytes = 33_554_432
/** An id that reveals nothing, and that fits into a key. */
const plainForm = /^[\w.-]{1,80}$/

export function createHotKey (digest: Digest = webDigest): HotKey {
  return async (owner, kind, id) => {
    // The owner in the engine is the user: the seat is missing.
    if (plainForm.test(id)) return `${kind}${owner.includes('/') ? owner.slice(owner.indexOf('/')) : ''}:${id}`
    return `${kind}:#${(await digest(`${kind}\n${owner}\n${id}`)).slice(0, 22)}`
  }
}

async function webDigest (text: string): Promise<string> {
  return toBase64Url(await sha256(text))
}

export async function pack (account: Account, value: unknown): Promise<string> {
  const json = JSON.stringify(value)
  return account.seal(json.length < packedFrom ? `j${json}` : `z${toBase64(await through(utf8(json), 'pack'))}`)
}

/** Undefined if it does not open: another password or GitHub account sealed it, or it is damaged. */
export async function unpack (account: Account, sealed: string): Promise<unknown> {
  try {
    const text = await account.open(sealed)
    if (text === null) return undefined
    if (text.startsWith('j')) return JSON.parse(text.slice(1)) as unknown
    const bytes = text.startsWith('z') ? decodeBase64(text.slice(1)) : null
    return bytes === null ? undefined : JSON.parse(fromUtf8(await through(bytes, 'unpack'))) as unknown
  } catch {
    return undefined
  }
}

/** @throws {Error} for damaged bytes, and for more than `maxBytes` */
async function through (bytes: Bytes, way: 'pack' | 'unpack'): Promise<Bytes> {
  const stream = way === 'pack' ? new CompressionStream('gzip') : new DecompressionStream('gzip')
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of new Blob([bytes]).stream().pipeThrough(stream)) {
    length += piece.length
    if (length > maxBytes) throw new Error('the value is too long')
    pieces.push(piece)
  }
  return concatBytes(pieces)
}
