// Brings what other processes remember of a user into this one, before a request needs it: everything that is missing
// in one round trip. What no process knows is not looked up again for a while.
import { LRUCache } from 'lru-cache'
import type { Account } from '../auth/account.ts'
import type { ReasoningReferences, References, RememberedResponses } from '../dialects/contract/memory.ts'
import type { Carrier } from '../dialects/contract/prompt.ts'
import { isObject } from '../json.ts'
import type { ReasoningMemory } from '../relay/reasoning-memory.ts'
import type { ReasoningOrigin } from '../relay/reasoning-origin.ts'
import type { ResponseStore } from '../relay/response-store.ts'
import { adoptItem, adoptResponse, type SharedKind } from '../relay/sharing.ts'
import type { Engine } from './engine.ts'
import { hotKey, unpack } from './packed.ts'

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

export function createRecall (engine: Engine, { responses, reasoning, origins }: Memories): Recall {
  /** Looked up, and unknown everywhere. */
  const unknown = new LRUCache<string, true>({ max: 20_000, ttl: 600_000 })
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
      const keys = await Promise.all(wanted.map(({ kind, id }) => hotKey(account.owner, kind, id)))
      await engine.run(account.username, [
        // Other processes have it in their own memory.
        { do: 'set', key: await deletedKey(account, id), value: '', ttlMs: rememberedMs },
        ...keys.map(key => ({ do: 'delete', key }) as const),
      ])
    },
  }

  async function deletedKey ({ owner }: Account, id: string): Promise<string> {
    return `deleted-${await hotKey(owner, 'response', id)}`
  }

  function toWanted (kind: SharedKind, ids: readonly string[]): Wanted[] {
    return ids.map(id => ({ kind, id }))
  }

  function fetch (account: Account, wanted: readonly Wanted[]): Promise<void> | null {
    return wanted.length === 0 ? null : bring(account, wanted)
  }

  async function bring (account: Account, wanted: readonly Wanted[]): Promise<void> {
    const { username, owner } = account
    const keys = await Promise.all(wanted.map(({ kind, id }) => hotKey(owner, kind, id)))
    const results = await engine.run(username, keys.map(key => ({ do: 'get', key }) as const))
    if (results === null) return
    await Promise.all(wanted.map(async (one, at) => {
      const value = results[at]?.value ?? null
      const known = value === null ? undefined : await unpack(account, value)
      if (known === undefined) unknown.set(`${owner}\n${one.kind}\n${one.id}`, true)
      else adopt(owner, one, known)
    }))
  }

  function adopt (owner: string, { kind, id }: Wanted, value: unknown): void {
    if (kind === 'response') return adoptResponse(responses, owner, id, value)
    if (kind === 'item') return adoptItem(responses, owner, id, value)
    if (kind === 'origin') return typeof value === 'string' ? origins.noteId(owner, id, value) : undefined
    if (Array.isArray(value) && value.every(isCarrier)) reasoning.adopt(owner, id, value)
  }
}

function isCarrier (value: unknown): value is Carrier {
  return isObject(value) && isObject(value['item']) && ['m', 'd', 'r', 'c'].includes(String(value['kind']))
    && (value['model'] === null || typeof value['model'] === 'string')
}
