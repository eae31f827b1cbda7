// The stored copy of a seat's model list: it packs what planning needs of each model. It is not secret. A newly started
// process plans with it at once. An unreadable copy, or one of another seat, counts as missing.
import { concatBytes, decodeBase64, sha256, toBase64, toBase64Url, utf8 } from '../bytes.ts'
import { isObject, type JsonObject } from '../json.ts'
import type { KnownModels, Model } from '../model-entry.ts'
import { parseObject } from './read-body.ts'

/** Identifies the list: the seat, and the account type, which chose the host. */
export interface CopyOf {
  readonly seat: string
  readonly accountType: string | null
}

export interface ModelCopy {
  readonly list: KnownModels
  /** Two lists with the same content have the same digest, in any order. */
  readonly digest: string
  /** Wall clock in milliseconds. */
  readonly savedAt: number
  readonly accountType: string | null
}

/** A store value may have 25 KiB. */
const maxValueLength = 24_000
const maxTextBytes = 512 * 1_024
const maxModels = 1_000

/** Null for a list that is too large to store. */
export async function packCopy (
  { seat, accountType }: CopyOf,
  list: KnownModels,
  savedAt: number,
): Promise<{ readonly value: string, readonly digest: string } | null> {
  const models = list.models.map(toKept)
  const text = utf8(JSON.stringify(models))
  if (text.length > maxTextBytes || models.length > maxModels) return null
  const digest = await digestOf(models)
  const packed = toBase64(
    await collect(new Blob([text]).stream().pipeThrough(new CompressionStream('gzip')), maxTextBytes)
      ?? new Uint8Array(),
  )
  const value = JSON.stringify({ v: 1, seat, accountType, savedAt, digest, models: packed })
  return value.length > maxValueLength ? null : { value, digest }
}

/** Null for an unreadable copy and for another seat's copy: a new GitHub token or password starts without one. */
export async function unpackCopy (value: string, seat: string): Promise<ModelCopy | null> {
  const record = parseObject(value)
  if (record?.['v'] !== 1 || record['seat'] !== seat) return null
  const { accountType, savedAt, digest, models } = record
  if (typeof savedAt !== 'number' || typeof digest !== 'string' || typeof models !== 'string'
    || (accountType !== null && typeof accountType !== 'string')) return null
  const packed = decodeBase64(models)
  if (packed === null) return null
  const text = await collect(new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')), maxTextBytes)
    .catch(() => null)
  if (text === null) return null
  const list = readModels(parseArray(new TextDecoder().decode(text)))
  return list.models.length === 0 ? null : { list, digest, savedAt, accountType }
}

/** Each usable entry once, in upstream's order. */
export function readModels (entries: readonly unknown[]): KnownModels {
  const byId = new Map<string, Model>()
  for (const entry of entries) {
    if (isModel(entry) && !byId.has(entry.id)) {
      byId.set(entry.id, { ...entry, capabilities: isObject(entry.capabilities) ? entry.capabilities : {} })
    }
  }
  return { models: [...byId.values()], byId }
}

function isModel (entry: unknown): entry is Model {
  return isObject(entry) && typeof entry['id'] === 'string' && entry['id'] !== '' && entry['id'].length <= 256
}

/** Keeps what planning and the rules read. Names and prices are only for the page, which requests a fresh list. */
function toKept (model: Model): JsonObject {
  const { id, vendor, supported_endpoints, model_picker_enabled, is_chat_default: isDefault, policy,
    capabilities: { type, family, limits, supports } } = model
  return { id, vendor, supported_endpoints, model_picker_enabled,
    ...(isDefault === true ? { is_chat_default: true } : {}),
    ...(isObject(policy) ? { policy: { state: policy['state'] } } : {}),
    capabilities: { type, family, limits, supports } }
}

async function digestOf (models: readonly JsonObject[]): Promise<string> {
  const text = models.map(model => JSON.stringify(model)).sort().join('\n')
  return toBase64Url(await sha256(text)).slice(0, 22)
}

/** Null if there are more than `maxBytes`. */
async function collect (stream: ReadableStream<Uint8Array>, maxBytes: number): Promise<Uint8Array | null> {
  const pieces: Uint8Array[] = []
  let length = 0
  for await (const piece of stream) {
    length += piece.length
    if (length > maxBytes) return null
    pieces.push(piece)
  }
  return concatBytes(pieces)
}

function parseArray (text: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
