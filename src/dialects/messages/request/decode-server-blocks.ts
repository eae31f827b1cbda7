// Turns server tools in the history into text: their queries and findings, which any model can read. Only Anthropic can
// read encrypted payloads. `docs/spec/translation.md#server-tools`.
import { isObject, type JsonObject } from '../../../json.ts'
import { unpackFindings } from '../../shared/web-tools.ts'
import { blocksOf, list, stringify, text } from '../wire.ts'

const isResult = /^[a-z_]+_tool_result$/

/** Null for a block that belongs to no server tool. */
export function serverBlockText (block: JsonObject): string | null {
  const type = text(block['type'])
  if (type === 'server_tool_use' || type === 'mcp_tool_use') return use(block)
  if (type === 'mcp_tool_result' || isResult.test(type)) {
    return result(type.replace(/_tool_result$/, ''), block['content'])
  }
  return null
}

/** Copilot runs this tool itself, so its blocks pass unchanged. */
export function isToolSearch (block: JsonObject): boolean {
  return block['type'] === 'tool_search_tool_result'
    || (block['type'] === 'server_tool_use' && text(block['name']).startsWith('tool_search_tool'))
}

export function toolsNowAvailable (names: readonly string[]): string {
  return `Tools now available: ${names.join(', ')}`
}

function use ({ name, input }: JsonObject): string {
  const given = isObject(input) ? input : {}
  const query = [given['query'], given['url'], given['pattern'], given['code'], given['command']].find(value =>
    typeof value === 'string'
  )
  return `[${text(name)}: ${typeof query === 'string' ? query : stringify(given)}]`
}

function result (tool: string, content: unknown): string {
  if (typeof content === 'string') return content
  if (isObject(content)) return one(tool, content)
  return ownFindings(content)
    || (list(content).filter(isObject).map(item => one(tool, item)).filter(Boolean).join('\n')
      || `[${tool}: no result]`)
}

/** What the gateway's own search found, from the first result that carries it; null for another vendor's. */
export function ownFindings (content: unknown): string | null {
  for (const item of list(content)) {
    const own = isObject(item) ? unpackFindings(item['encrypted_content']) : null
    if (own !== null) return own
  }
  return null
}

function one (tool: string, item: JsonObject): string {
  if (typeof item['error_code'] === 'string') return `[${tool} failed: ${item['error_code']}]`
  const references = list(item['tool_references']).filter(isObject).map(reference => text(reference['tool_name']))
    .filter(Boolean)
  if (references.length > 0) return toolsNowAvailable(references)
  const printed = [text(item['stdout']), text(item['stderr'])].filter(Boolean)
  if (printed.length > 0) return printed.join('\n')
  const inner = isObject(item['content']) ? blocksOf([item['content']]) : blocksOf(item['content'])
  const body = inner.map(block => isObject(block['source']) ? text(block['source']['data']) : text(block['text']))
    .filter(Boolean)
  return [[text(item['title']), text(item['url'])].filter(Boolean).join(': '), text(item['text']), ...body].filter(
    Boolean,
  ).join('\n')
}
