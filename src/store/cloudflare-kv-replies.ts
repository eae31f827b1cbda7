// Reads the answers of Cloudflare's KV API and classifies a failed call: missing key, worth a retry, or neither.
import { StoreError } from './store.ts'

export interface Listing {
  readonly keys: ReadonlyArray<{ readonly name: string, readonly metadata?: unknown }>
  /** Empty on the last page. */
  readonly cursor: string
}
export interface Explained {
  readonly error: StoreError
  readonly mayRetry: boolean
  /** The key does not exist. For a read this is no failure. */
  readonly absent: boolean
}

/**
 * 404 `get: 'key not found'`. A missing namespace is also a 404, with code 10013, and a missing account has another
 * code: those do not mean that a key is missing.
 */
const keyNotFound = 10_009
/** In seconds. The API blocks for five minutes once its limit is exceeded. */
const defaultRetryAfter = 300

/** @throws {StoreError} */
export async function readWritten (response: Response): Promise<void> {
  const { result } = await readEnvelope(response)
  const refused = isObject(result) ? result['unsuccessful_keys'] : undefined
  if (Array.isArray(refused) && refused.length > 0) throw new StoreError('Cloudflare KV did not take the write')
}

/** @throws {StoreError} */
export async function readListing (response: Response): Promise<Listing> {
  const { result, result_info: info } = await readEnvelope(response)
  if (!Array.isArray(result) || !result.every(isListedKey)) throw nonsense()
  const cursor = isObject(info) ? info['cursor'] : undefined
  return { keys: result, cursor: typeof cursor === 'string' ? cursor : '' }
}

/** A proxy in between may also answer 200, so only `success: true` acknowledges a write. */
async function readEnvelope (response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json()
  if (!isObject(body) || body['success'] !== true) throw nonsense()
  return body
}

/** @param timedOut whether our own timer ended the call */
export function explain (thrown: unknown, timedOut: boolean): Explained {
  if (timedOut) return failed('Cloudflare KV did not answer in time', true)
  if (thrown instanceof StoreError) return { error: thrown, mayRetry: true, absent: false }
  if (thrown instanceof SyntaxError) return { error: nonsense(), mayRetry: true, absent: false }
  const { status, errors, headers } = isObject(thrown) ? thrown : {}
  if (typeof status !== 'number') return failed(`Cloudflare KV could not be reached${systemCode(thrown)}`, true)
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  const code = isObject(first) && typeof first['code'] === 'number' ? first['code'] : undefined
  if (status === 429) return failed('Cloudflare KV is rate limited', false, retryAfterSeconds(headers))
  const answered = failed(`Cloudflare KV answered ${status}${code === undefined ? '' : `, code ${code}`}`,
    status >= 500 || status === 408)
  return { ...answered, absent: status === 404 && code === keyNotFound }
}

function failed (message: string, mayRetry: boolean, retryAfterSeconds?: number): Explained {
  return { error: new StoreError(message, { retryAfterSeconds }), mayRetry, absent: false }
}

/** Seconds or an HTTP date, RFC 9110 10.2.3. */
function retryAfterSeconds (headers: unknown): number {
  const text = hasGet(headers) ? headers.get('retry-after')?.trim() ?? '' : ''
  if (/^\d{1,9}$/.test(text)) return Number(text)
  const seconds = Math.ceil((Date.parse(text) - Date.now()) / 1_000)
  return Number.isNaN(seconds) ? defaultRetryAfter : Math.max(0, seconds)
}

/** A system code such as `ECONNREFUSED`, however deep fetch and the SDK nest it. */
function systemCode (thrown: unknown): string {
  for (let error = thrown, depth = 0; isObject(error) && depth < 4; error = error['cause'], depth++) {
    if (typeof error['code'] === 'string' && /^[A-Z_]+$/.test(error['code'])) return ` (${error['code']})`
  }
  return ''
}

function nonsense (): StoreError {
  return new StoreError('Cloudflare KV gave an answer that makes no sense')
}

function isListedKey (value: unknown): value is { name: string, metadata?: unknown } {
  return isObject(value) && typeof value['name'] === 'string'
}

/** Not `instanceof`: the fetch of another undici has its own Headers class. */
function hasGet (value: unknown): value is Pick<Headers, 'get'> {
  return isObject(value) && typeof value['get'] === 'function'
}

function isObject (value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
