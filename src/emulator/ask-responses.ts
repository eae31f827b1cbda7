// Reads a responses request for the model.
import { limitOf, schemaInWords, seeImage } from './ask.ts'
import { contentText, instructionsOf } from './ask-chat.ts'
import { fields, list, text, toJson } from './json.ts'
import { readSearch } from './web.ts'
import type { Ask, Reading } from './ask.ts'
import type { Fields } from './json.ts'
import type { ModelEntry } from './model-entry.ts'
import type { RecordedRequest, Seat } from './types.ts'

const outputs = ['function_call_output', 'custom_tool_call_output']

export function readResponses (request: RecordedRequest, seat: Seat, model: ModelEntry): Reading {
  const body = fields(request.json)
  const items = readItems(body.input)
  const reversed = items.toReversed()
  const firstOther = reversed.findIndex(item => !outputs.includes(text(item.type)))
  const results = reversed.slice(0, firstOther < 0 ? undefined : firstOther).reverse()
  const effort = fields(body.reasoning).effort
  return {
    request,
    seat,
    dialect: 'responses',
    model,
    stream: body.stream === true,
    userText: contentText(reversed.find(item => item.role === 'user')?.content),
    turns: items.length,
    promptChars: text(body.instructions).length + items.reduce((sum, item) => sum + charsOf(item), 0)
      + (body.tools === undefined ? 0 : toJson(body.tools).length),
    results: results.map(item => contentText(item.output)),
    images: items.flatMap(item => responsesImages(item)),
    tools: list(body.tools).map(fields).filter(tool => tool.type === 'function' || tool.type === 'custom').map(
      tool => ({ name: text(tool.name), schema: tool.parameters, custom: tool.type === 'custom' })
    ),
    search: readSearch(body),
    toolChoice: readChoice(body.tool_choice),
    parallel: body.parallel_tool_calls !== false,
    schema: readFormat(fields(body.text).format,
      () => schemaInWords(`${text(body.instructions)}\n${instructionsOf(items)}`)),
    maxTokens: limitOf(body.max_output_tokens),
    stop: [],
    // Without a requested summary, reasoning stays hidden.
    reasoning: effort !== 'none' && typeof fields(body.reasoning).summary === 'string',
    includeUsage: true,
    encrypted: list(body.include).includes('reasoning.encrypted_content'),
  }
}

/** A plain string becomes one user message. An item with a role and no type is a message. */
export function readItems (input: unknown): Fields[] {
  if (typeof input === 'string') return [{ type: 'message', role: 'user', content: input }]
  return list(input).map(fields).map(
    item => (item.type === undefined && item.role !== undefined ? { ...item, type: 'message' } : item)
  )
}

export function responsesImages (item: Fields) {
  return [...list(item.content), ...list(item.output)].map(fields).filter(part => part.type === 'input_image').map(
    part => seeImage(text(part.image_url))
  )
}

function charsOf (item: Fields): number {
  return contentText(item.content).length + contentText(item.output).length + text(item.arguments).length
    + text(item.input).length
}

function readChoice (value: unknown): Ask['toolChoice'] {
  if (value === 'none' || value === 'required') return value
  const name = text(fields(value).name)
  return name === '' ? 'auto' : { name }
}

function readFormat (value: unknown, inWords: () => unknown): unknown {
  const format = fields(value)
  if (format.type === 'json_schema') return format.schema ?? {}
  return inWords() ?? (format.type === 'json_object' ? {} : undefined)
}
