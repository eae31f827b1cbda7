// Decodes a search that Copilot ran. Its action comes late, and its sources only on request.
// `docs/spec/search.md#copilot`.
import type { JsonObject } from '../../../json.ts'
import type { SearchRecord } from '../../contract/search.ts'
import { cleanUrl, isPageAddress } from '../../shared/web-tools.ts'
import { fields, list, objects, text } from '../wire.ts'
import type { ItemDecoder } from './decode-item.ts'
import type { Part } from '../../contract/part.ts'

export function createSearchDecoder (
  next: () => number,
  item: JsonObject,
): ItemDecoder & { readonly start: () => Part[] } {
  const block = next()
  let isEnded = false
  return {
    start: () => [{ type: 'search-start', block, callId: text(item['id']), tool: 'web_search' }],
    delta: () => [],
    continued: () => null,
    whole: () => [],
    annotation: () => [],
    endPart: () => [],
    begin: () => [],
    end (done) {
      if (isEnded) return []
      isEnded = true
      const search = readSearch(done)
      return [{ type: 'block-end', block, ...(search === null ? {} : { search }) }]
    },
  }
}

/** Null for a search that upstream never finished. */
function readSearch (item: JsonObject): SearchRecord | null {
  const action = fields(item['action'])
  const queries = list(action['queries']).filter(query => typeof query === 'string')
  const isFailed = item['status'] === 'failed'
  if (!isFailed && Object.keys(action).length === 0) return null
  return {
    tool: 'web_search',
    queries: queries.length > 0 ? queries : [text(action['query']) || text(action['url'])].filter(Boolean),
    hits: objects(action['sources']).map(source => ({ url: cleanUrl(text(source['url'])), title: '' })).filter(hit =>
      isPageAddress(hit.url)
    ),
    error: isFailed ? 'unavailable' : null,
    text: null,
    action,
  }
}
