// Decodes Google's search among the tools. `docs/spec/search.md#mapping`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { WebTools } from '../../contract/search.ts'
import { anySearch, readDomains } from '../../shared/web-tools.ts'
import { camelOf, fieldsOf, given, objectsOf } from '../wire.ts'

const names: readonly string[] = ['googleSearch', 'googleSearchRetrieval']

export function isSearch (name: string): boolean {
  return names.includes(camelOf(name))
}

export function decodeWebTools (body: JsonObject): WebTools | null {
  const groups = objectsOf(body['tools'])
  const group = groups.find(tool => Object.entries(tool).some(([name, value]) => isSearch(name) && isObject(value)))
  if (group === undefined) return null
  const blockedDomains = readDomains(given(fieldsOf(group, 'googleSearch'), 'excludeDomains'))
  return { search: { ...anySearch, blockedDomains }, fetches: false, forced: null }
}
