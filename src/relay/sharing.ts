// What one process remembers of answers, for the other processes of the deployment. `src/hot/` carries it.
import { isObject, list, type JsonObject } from '../json.ts'
import type { ReasoningOrigin } from './reasoning-origin.ts'
import type { ResponseStore } from './response-store.ts'

export type SharedKind = 'response' | 'item' | 'reasoning' | 'origin'

export interface Sharing {
  /**
   * @param bytes what the value takes as JSON, approximately
   * @param items ids of the items that the value contains: each leads to it
   */
  readonly keep: (
    owner: string,
    kind: SharedKind,
    id: string,
    value: unknown,
    bytes: number,
    items?: readonly string[],
  ) => void
}

/** A response as it is shared: the items of its answer are in it already. */
export interface SharedResponse {
  readonly input: readonly unknown[]
  readonly response: JsonObject
  readonly size: number
}

/** The items of an answer are in its response, so they are shared with it. */
export function shareResponses (local: ResponseStore, { keep }: Sharing): ResponseStore {
  return owner => {
    const own = local(owner)
    return {
      ...own,
      keepResponse (id, remembered) {
        own.keepResponse(id, remembered)
        const { items, inputLength, response, size } = remembered
        keep(owner, 'response', id, { input: items.slice(0, inputLength), response, size } satisfies SharedResponse,
          size, outputOf(response).map(([id]) => id))
      },
    }
  }
}

/** Keeps in this process what another one shared. Accepts any value: the other may be of another version. */
export function adoptResponse (local: ResponseStore, owner: string, id: string, value: unknown): void {
  if (!isObject(value) || !isObject(value['response'])) return
  const input = list(value['input']).filter(isObject)
  const { response, size } = value
  const remembered = local(owner)
  remembered.keepResponse(id, { items: [...input, ...list(response['output']).filter(isObject)],
    inputLength: input.length, response, size: typeof size === 'number' ? size : 0 })
  for (const [id, item] of outputOf(response)) remembered.keepItem(id, { item, size: JSON.stringify(item).length + 1 })
}

/** The items of an answer by their ids. */
export function outputOf (response: JsonObject): Array<readonly [id: string, item: JsonObject]> {
  return list(response['output']).flatMap(item =>
    isObject(item) && typeof item['id'] === 'string' ? [[item['id'], item] as const] : []
  )
}

export function shareOrigins (local: ReasoningOrigin, { keep }: Sharing): ReasoningOrigin {
  return { ...local, note (owner, state, model) {
    local.note(owner, state, model)
    keep(owner, 'origin', local.idOf(state), model, model.length)
  } }
}
