// What POST /responses refuses: nothing is stored, no hosted tools, and item ids mean nothing to it later.
import { fields, list, text } from './json.ts'
import { invalid } from './rules-chat.ts'
import { isReasoning } from './model-entry.ts'
import { readItems } from './ask-responses.ts'
import { refuse } from './reply.ts'
import type { Ask } from './ask.ts'
import type { Fields } from './json.ts'
import type { Reply } from './reply.ts'
import type { World } from './world.ts'

export function checkResponses (world: World, ask: Ask): Reply | null {
  const body = fields(ask.request.json)
  const items = readItems(body.input)
  if (items.length === 0) return invalid("Missing required parameter: 'input'.")
  return checkFields(world, ask, body) ?? checkTools(world, body)
    ?? items.map((item, index) => checkItem(world, ask, item, index)).find(refusal => refusal !== null)
    ?? checkPairs(world, items)
}

function checkFields ({ strict }: World, { model }: Ask, body: Fields): Reply | null {
  if (strict.responsesStore && body.previous_response_id !== undefined && body.previous_response_id !== null) {
    return refuse(400, `Previous response with id '${text(body.previous_response_id)}' not found.`, 'previous_response_not_found')
  }
  if (strict.responsesStore && body.store === true) return invalid("Unsupported value: 'store' must be false.")
  if (strict.responsesServiceTier && body.service_tier !== undefined && body.service_tier !== null) return invalid("Unsupported parameter: 'service_tier' is not supported with this model.")
  if (strict.responsesMinimumTokens && typeof body.max_output_tokens === 'number' && body.max_output_tokens < 16) {
    return invalid(`Invalid 'max_output_tokens': integer below minimum value. Expected a value >= 16, but got ${body.max_output_tokens} instead.`)
  }
  const fixed = ['temperature', 'top_p'].find(name => body[name] !== undefined && body[name] !== 1)
  if (strict.sampling && isReasoning(model) && fixed !== undefined) return invalid(`Unsupported parameter: '${fixed}' is not supported with this model.`)
  return null
}

function checkTools ({ strict }: World, body: Fields): Reply | null {
  const tools = list(body.tools).map(fields)
  if (strict.toolCount && tools.length > 128) return invalid(`Invalid 'tools': array too long. Expected an array with maximum length 128, but got an array with length ${tools.length} instead.`)
  if (!strict.responsesTools) return null
  for (const [index, tool] of tools.entries()) {
    if (tool.type !== 'function' && tool.type !== 'custom') return invalid(`Unsupported tool type: ${text(tool.type)}`)
    if (text(tool.name) === '') return invalid(`Missing required parameter: 'tools[${index}].name'.`)
    if (strict.toolNames && !/^[a-zA-Z0-9_-]{1,64}$/.test(text(tool.name))) return invalid(`Invalid 'tools[${index}].name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`)
  }
  return null
}

function checkItem ({ strict, memory }: World, { model }: Ask, item: Fields, index: number): Reply | null {
  const at = `input[${index}]`
  if (item.type === 'message') {
    const parts = item.role === 'assistant' ? ['output_text', 'refusal'] : ['input_text', 'input_image', 'input_file']
    const wrong = list(item.content).map(part => text(fields(part).type)).findIndex(type => !parts.includes(type))
    if (strict.responsesParts && wrong >= 0) return invalid(`Invalid value: '${text(fields(list(item.content)[wrong]).type)}' in ${at}.content[${wrong}]. Supported values are: ${parts.map(part => `'${part}'`).join(', ')}.`)
    return strict.responsesIds ? checkId(item, at, 'msg') : null
  }
  if (item.type === 'function_call') return strict.responsesIds ? checkId(item, at, 'fc') : null
  if (item.type === 'item_reference') return strict.responsesIds ? notFound(item) : null
  if (item.type !== 'reasoning') return null
  const encrypted = text(item.encrypted_content)
  if (strict.responsesIds && encrypted === '') return notFound(item)
  if (!strict.reasoningOrigin || memory.issued.get(encrypted)?.model === model.id) return null
  return refuse(400, `The encrypted content for item ${text(item.id)} could not be verified. Reason: Encrypted content could not be decrypted or parsed.`, 'invalid_encrypted_content')
}

/** Only the shape is looked at: an id of an earlier answer does not have it. */
function checkId (item: Fields, at: string, prefix: string): Reply | null {
  if (item.id === undefined || item.id === null || text(item.id).startsWith(`${prefix}_`)) return null
  return invalid(`Invalid '${at}.id': '${text(item.id).slice(0, 64)}'. Expected an ID that begins with '${prefix}'.`)
}

function notFound (item: Fields): Reply {
  return invalid(`Item with id '${text(item.id).slice(0, 64)}' not found. Items are not persisted when \`store\` is set to false. Try again with \`store\` set to true, or remove this item from your input.`)
}

function checkPairs ({ strict }: World, items: readonly Fields[]): Reply | null {
  if (!strict.toolPairs) return null
  const ids = (types: string[]): string[] => items.filter(item => types.includes(text(item.type))).map(item => text(item.call_id))
  const called = ids(['function_call', 'custom_tool_call'])
  const answered = ids(['function_call_output', 'custom_tool_call_output'])
  const orphan = answered.find(id => !called.includes(id))
  if (orphan !== undefined) return invalid(`No tool call found for function call output with call_id ${orphan}.`)
  const open = called.find(id => !answered.includes(id))
  return open === undefined ? null : invalid(`No tool output found for function call ${open}.`)
}
