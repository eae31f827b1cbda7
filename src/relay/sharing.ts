// What one process remembers of answers, for the other processes of the deployment. `src/hot/` carries it.
import { isObject, list } from '../json.ts'
import type { ReasoningOrigin } from './reasoning-origin.ts'
import type { ResponseStore } from './response-store.ts'

export type SharedKind = 'response' | 'item' | 'reasoning' | 'origin'

export interface Sharing {
  /** @param bytes what the value takes as JSON, approximately */
  readonly keep: (owner: string, kind: SharedKind, id: string, value: unknown, bytes: number) => void
}

/** A response as it is shared: the items of its answer are in it already. */
export interface SharedResponse {
  readonly input: readonly unknown[]
  readonly response: unknown
  readonly size: number
}

export function shareResponses (local: ResponseStore, { keep }: Sharing): ResponseStore {
  return owner => {
    const own = local(owner)
    return {
      ...own,
      keepResponse (id, remembered) {
        own.keepResponse(id, remembered)
        const { items, inputLength, response, size } = remembered
        keep(owner, 'response', id, { input: items.slice(0, inputLength), response, size } satisfies SharedResponse,
          size)
      },
      keepItem (id, item) {
        own.keepItem(id, item)
        keep(owner, 'item', id, item, item.size)
      },
    }
  }
}

/** Keeps in this process what another one shared. Accepts any value: the other may be of another version. */
export function adoptResponse (local: ResponseStore, owner: string, id: string, value: unknown): void {
  if (!isObject(value) || !isObject(value['response'])) return
  const input = list(value['input']).filter(isObject)
  const { response, size } = value
  local(owner).keepResponse(id, { items: [...input, ...list(response['output']).filter(isObject)],
    inputLength: input.length, response, size: typeof size === 'number' ? size : 0 })
}

export function adoptItem (local: ResponseStore, owner: string, id: string, value: unknown): void {
  if (!isObject(value) || !isObject(value['item'])) return
  local(owner).keepItem(id, { item: value['item'], size: typeof value['size'] === 'number' ? value['size'] : 0 })
}

export function shareOrigins (local: ReasoningOrigin, { keep }: Sharing): ReasoningOrigin {
  return { ...local, note (owner, state, model) {
    local.note(owner, state, model)
    keep(owner, 'origin', local.idOf(state), model, model.length)
  } }
}
