// Decodes `web_search_options`. `docs/spec/search.md#mapping`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { WebTools } from '../../contract/search.ts'
import { anySearch, readLocation, readSize } from '../../shared/web-tools.ts'

export function decodeWebTools ({ web_search_options: options }: JsonObject): WebTools | null {
  if (!isObject(options)) return null
  return { fetches: false, forced: null,
    search: { ...anySearch, location: readLocation(options['user_location']),
      size: readSize(options['search_context_size']) } }
}
