// Brings what other processes remember of a user into this one, before a request needs it: everything that is missing
// in one round trip, and in a second one what leads elsewhere. What no process knows is not looked up for a while.
import { LateCache } from '../late-cache.ts'
import type { Account } from '../auth/account.ts'
import type { ReasoningReferences, References, RememberedResponses } from '../dialects/contract/memory.ts'
import type { Carrier } from '../dialects/contract/prompt.ts'
import { isObject } from '../json.ts'
import type { ReasoningMemory } from '../relay/reasoning-memory.ts'
import type { ReasoningOrigin } from '../relay/reasoning-origin.ts'
import type { ResponseStore } from '../relay/response-store.ts'
import { adoptResponse, type SharedKind } from '../relay/sharing.ts'
import { openBundle, pointedTo, type Entry } from './bundle.ts'
import type { Engine } from './engine.ts'
import type { HotKey } from './packed.ts'

export interface Recall {
  /** Null if this process knows all of it, or if no other could. @param remembered that of the connection */
  readonly responses: (
    account: Account,
    references: References,
    remembered: RememberedResponses,
  ) => Promise<void> | null
  readonly reasoning: (account: Account, references: ReasoningReferences) =>
    | Promise<void>
    | null
  /** Whether a process deleted the response. False if the engine does not answer. */
  readonly isDeleted: (account: Account, id: string) => Promise<boolean>
  /** Deletes a response and its items for all processes. */
  readonly forget: (account: Account, id: string, items: readonly string[]) => Promise<void>
}

/** Of this process alone. */
interface Memories {
  readonly responses: ResponseStore
  readonly reasoning: ReasoningMemory
  readonly origins: ReasoningOrigin
}
interface Wanted {
  readonly kind: SharedKind
  readonly id: string
}

/** As long as any process remembers a response. */
const rememberedMs = 3_600_000
/** The newest references of a request: a conversation that began elsewhere may have hundreds. */
const most = { items: 128, calls: 64, states: 64 }

export function createRecall (engine: Engine, keyOf: HotKey, { responses, reasoning, origins }: Memories): Recall {
  /** Looked up, and unknown everywhere. */
  const unknown = new LateCache<string, true>({ max: 20_000, ttl: 600_000 })
  const isNew = (owner: string, { kind, id }: Wanted) => !unknown.has(`${owner}\n${kind}\n${id}`)

  return {
    responses (account, references, remembered) {
      if (!engine.isOn()) return null
      const ids = references.responses.filter(id => remembered.response(id) === undefined)
      const items = new Set(references.items.filter(id => remembered.item(id) === undefined))
      return fetch(account, [...toWanted('response', ids), ...toWanted('item', [...items].slice(-most.items))])
    },
    reasoning (account, { calls, states }) {
      if (!engine.isOn()) return null
      const { owner } = account
      const lacking = calls.filter(id => !reasoning.isKnown(owner, id)).slice(-most.calls)
      const foreign = states.filter(state => origins.makerOf(owner, state) === undefined).map(origins.idOf)
      const wanted = [...toWanted('reasoning', lacking), ...toWanted('origin', foreign.slice(-most.states))]
      return fetch(account, wanted.filter(one => isNew(owner, one)))
    },
    async isDeleted (account, id) {
      if (!engine.isOn()) return false
      const results = await engine.run(account.username, [{ do: 'get', key: await deletedKey(account, id) }])
      return results !== null && results[0].value !== null
    },
    async forget (account, id, items) {
      if (!engine.isOn()) return
      const wanted = [...toWanted('response', [id]), ...toWanted('item', items)]
      const keys = await Promise.all(wanted.map(({ kind, id }) => keyOf(account.owner, kind, id)))
      await engine.run(account.username, [
        // Other processes have it in their own memory.
        { do: 'set', key: await deletedKey(account, id), value: '', ttlMs: rememberedMs },
        ...keys.map(key => ({ do: 'delete', key }) as const),
      ])
    },
  }

  async function deletedKey ({ owner }: Account, id: string): Promise<string> {
    return `deleted-${await keyOf(owner, 'response', id)}`
  }

  function toWanted (kind: SharedKind, ids: readonly string[]): Wanted[] {
    return ids.map(id => ({ kind, id }))
  }

  function fetch (account: Account, wanted: readonly Wanted[]): Promise<void> | null {
    return wanted.length === 0 ? null : bring(account, wanted)
  }

  async function bring (account: Account, wanted: readonly Wanted[]): Promise<void> {
    const { owner } = account
    const keys = await Promise.all(wanted.map(({ kind, id }) => keyOf(owner, kind, id)))
    const values = await read(account, keys)
    if (values === null) return
    const sealed = new Set(values.filter(value => pointedTo(value) === null))
    const homes = new Set(values.map(pointedTo).filter(key => key !== null))
    const more = await read(account, [...homes].filter(key => !keys.includes(key)))
    if (more === null) return
    for (const value of more) sealed.add(value)
    const entries = (await Promise.all([...sealed].map(value => openBundle(account, value)))).flat()
    const hasResponses = wanted.some(({ kind }) => kind === 'response' || kind === 'item')
    for (const entry of entries) if (entry.kind !== 'response' || hasResponses) adopt(owner, entry)
    // Responses are asked for each time: after an outage they may come late.
    if (hasResponses) return
    for (const { kind, id } of wanted) {
      const isFound = entries.some(entry => entry.kind === kind && entry.id === id)
      if (!isFound) unknown.set(`${owner}\n${kind}\n${id}`, true)
    }
  }

  /** Null if the engine does not answer. */
  async function read ({ username }: Account, keys: readonly string[]): Promise<string[] | null> {
    if (keys.length === 0) return []
    const results = await engine.run(username, keys.map(key => ({ do: 'get', key }) as const))
    return results?.map(({ value }) => value).filter(value => value !== null) ?? null
  }

  function adopt (owner: string, { kind, id, value }: Entry): void {
    if (kind === 'response') return adoptResponse(responses, owner, id, value)
    if (kind === 'origin') return typeof value === 'string' ? origins.noteId(owner, id, value) : undefined
    if (kind === 'reasoning' && Array.isArray(value) && value.every(isCarrier)) reasoning.adopt(owner, id, value)
  }
}

function isCarrier (value: unknown): value is Carrier {
  return isObject(value) && isObject(value['item']) && ['m', 'd', 'r', 'c'].includes(String(value['kind']))
    && (value['model'] === null || typeof value['model'] === 'string')
}
