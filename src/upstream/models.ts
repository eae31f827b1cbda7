// The models of a seat: asked for once in a while, by account, and the last good copy kept. A failure is never cached,
// nor shared, and no request waits for a list to be fresh.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { createSingleFlight } from '../single-flight.ts'
import type { Copilot } from './copilot.ts'
import { toUpstreamError } from './errors.ts'
import { isObject } from '../json.ts'
import type { KnownModels, Model } from '../model-entry.ts'
import { parseObject, readExcerpt, readText } from './read-body.ts'
import type { Defer } from './tokens.ts'

export type ModelList = KnownModels
export interface ModelRequest {
  readonly account: Account
  readonly accountType: string | null
  readonly requestId: string
  readonly defer: Defer
}

export interface Models {
  /** What is known, at once; renewed behind the request when it is old or not there. */
  readonly known: (request: ModelRequest) => ModelList | null
  /** A list at most `maxAgeMs` old, else asked for; the last good copy when that fails. @throws {GatewayError} when there is none */
  readonly list: (request: ModelRequest, maxAgeMs?: number) => Promise<ModelList>
}

const freshMs = 300_000
const maxListBytes = 8 * 1_048_576
const retryEveryMs = 10_000

export function createModels (copilot: Copilot, { monotonic }: Clock): Models {
  const lists = new LRUCache<string, { list: ModelList, at: number }>({ max: 1_000 })
  const triedAt = new LRUCache<string, number>({ max: 1_000 })
  const flights = createSingleFlight<ModelList>()
  const keyOf = ({ account, accountType }: ModelRequest) => accountType === null ? account.seat : `${account.seat}:${accountType}`

  const renew = (request: ModelRequest): Promise<ModelList> => {
    const key = keyOf(request)
    return flights.run(key, request.defer, async () => {
      triedAt.set(key, monotonic())
      const list = await fetchList(request)
      if (list.models.length > 0) lists.set(key, { list, at: monotonic() })
      return list
    })
  }
  return {
    known (request) {
      const key = keyOf(request)
      const held = lists.get(key)
      const isOld = held === undefined || monotonic() - held.at >= freshMs
      if (isOld && monotonic() - (triedAt.get(key) ?? -Infinity) >= retryEveryMs) request.defer(renew(request).catch(() => {}))
      return held?.list ?? null
    },
    async list (request, maxAgeMs = freshMs) {
      const held = lists.get(keyOf(request))
      if (held !== undefined && monotonic() - held.at < maxAgeMs) return held.list
      try { return await renew(request) } catch (thrown) {
        if (held !== undefined) return held.list
        throw thrown
      }
    },
  }

  async function fetchList ({ account, accountType, requestId, defer }: ModelRequest): Promise<ModelList> {
    const response = await copilot({
      account, accountType, requestId, defer, method: 'GET', path: '/models', body: null, intent: 'model-access', initiator: null, vision: false,
      signal: AbortSignal.timeout(30_000), headersMs: 15_000,
    })
    if (response.status !== 200) throw toUpstreamError(response, await readExcerpt(response, 65_536))
    const data = parseObject(await readText(response, maxListBytes))?.['data']
    if (!Array.isArray(data)) throw new GatewayError('upstream_error', 'Copilot answered with something that is no list of models.')
    const models = new Map<string, Model>()
    for (const entry of data as unknown[]) {
      if (isModel(entry) && !models.has(entry.id)) models.set(entry.id, { ...entry, capabilities: isObject(entry.capabilities) ? entry.capabilities : {} })
    }
    return { models: [...models.values()], byId: models }
  }
}

function isModel (entry: unknown): entry is Model {
  return isObject(entry) && typeof entry['id'] === 'string' && entry['id'] !== '' && entry['id'].length <= 256
}
