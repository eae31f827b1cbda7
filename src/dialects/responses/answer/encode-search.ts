// A search in an answer: OpenAI's item, and its own events. `docs/spec/search.md#responses`.
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { SearchRecord } from '../../contract/search.ts'
import type { SearchCall } from '../wire-answer.ts'
import type { Emit, OutputItem } from './encode-item.ts'

export interface SearchItem extends OutputItem {
  /** @param search undefined if there was none in the end */
  readonly end: (search: SearchRecord | undefined) => void
}

/** @param showsSources whether the client asked for the addresses of all pages */
export function createSearchItem (emit: Emit, id: string, showsSources: boolean): SearchItem {
  let known: SearchRecord | undefined
  let status: SearchCall['status'] | null = null
  const snapshot = (): SearchCall =>
    omitUndefined<SearchCall>({ id, type: 'web_search_call', status: status ?? 'in_progress',
      action: known === undefined ? undefined : actionOf(known, showsSources) })

  emit('output_item.added', { item: snapshot() })
  emit('web_search_call.in_progress', { item_id: id })
  emit('web_search_call.searching', { item_id: id })

  const close = (final: SearchCall['status']): void => {
    if (status !== null) return
    status = final
    // OpenAI sends the first event also for a search that found nothing.
    emit('web_search_call.completed', { item_id: id })
    emit('output_item.done', { item: snapshot() })
  }
  return {
    snapshot,
    done: () => {
      close('failed')
    },
    end (search) {
      known = search
      close(search === undefined || search.error !== null ? 'failed' : 'completed')
    },
  }
}

function actionOf ({ action, queries, hits }: SearchRecord, showsSources: boolean): SearchCall['action'] {
  if (action !== null) {
    const { sources, ...rest } = action
    return (showsSources && sources !== undefined ? action : rest) as unknown as SearchCall['action']
  }
  return { type: 'search', query: queries[0] ?? '', ...(queries.length > 1 ? { queries: [...queries] } : {}),
    ...(showsSources ? { sources: hits.map(({ url }) => ({ type: 'url' as const, url })) } : {}) }
}
