// Turns the work of OpenAI's server tools in earlier turns into text, for an upstream without such tools: the queries
// and the findings, nothing encrypted. `docs/spec/translation.md#server-tools`.
import type { JsonObject } from '../../../json.ts'
import { fields, list, objects, text } from '../wire.ts'

const maxResults = 20

/** Null for an item without content. */
export function serverItemText (type: string, item: JsonObject): string | null {
  const name = type.replace(/_call$/, '')
  switch (type) {
    case 'web_search_call': {
      const action = fields(item['action'])
      const asked = text(action['query']) || list(action['queries']).map(text).join(', ') || text(action['url'])
        || text(item['status'])
      return lines(`[${name}: ${asked}]`,
        objects(action['sources'] ?? item['results']).map(source =>
          [text(source['title']), text(source['url'])].filter(Boolean).join(' ')
        ))
    }
    case 'file_search_call':
      return lines(`[${name}: ${list(item['queries']).map(text).join(', ')}]`,
        objects(item['results']).map(result => text(result['filename'])))
    case 'code_interpreter_call':
      return lines(`[${name}]`, [text(item['code']), ...objects(item['outputs']).map(output => text(output['logs']))])
    case 'mcp_call':
      return lines(`[${name}: ${text(item['server_label'])} ${text(item['name'])} ${text(item['arguments'])}]`, [
        text(item['output']) || text(item['error']),
      ])
    case 'image_generation_call':
      return `[${name}: ${text(item['revised_prompt'])}]`
    case 'program_output':
      return lines(`[${name}]`, [text(item['result'])])
    default:
      return null
  }
}

function lines (head: string, rest: readonly string[]): string {
  return [head, ...rest.filter(line => line !== '').slice(0, maxResults)].join('\n')
}
