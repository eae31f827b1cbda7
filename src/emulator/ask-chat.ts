// Reads a chat completion request for the model. Trusts nothing: a missing field counts as empty.
import { limitOf, schemaInWords, seeImage, stopsOf } from './ask.ts'
import { fields, isFields, list, text, toJson } from './json.ts'
import type { Ask, OfferedTool, Reading } from './ask.ts'
import type { Fields } from './json.ts'
import type { ModelEntry } from './model-entry.ts'
import type { RecordedRequest, Seat } from './types.ts'

export function readChat (request: RecordedRequest, seat: Seat, model: ModelEntry): Reading {
  const body = fields(request.json)
  const messages = list(body.messages).map(fields)
  // Claude Code may end with a message of reminders, which no person wrote.
  const reversed = messages.filter(message => !isReminder(message)).reverse()
  const firstOther = reversed.findIndex(message => message.role !== 'tool')
  const results = reversed.slice(0, firstOther < 0 ? undefined : firstOther).reverse()
  return {
    request,
    seat,
    dialect: 'chat',
    model,
    stream: body.stream === true,
    userText: contentText(reversed.find(message => message.role === 'user')?.content),
    turns: messages.length,
    promptChars: messages.reduce((sum, message) => sum + charsOf(message), 0)
      + (body.tools === undefined ? 0 : toJson(body.tools).length),
    results: results.map(message => contentText(message.content)),
    images: messages.flatMap(message => chatImages(message)),
    tools: list(body.tools).map(readTool),
    search: null,
    toolChoice: readChoice(body.tool_choice),
    parallel: body.parallel_tool_calls !== false,
    schema: readFormat(body.response_format, () => schemaInWords(instructionsOf(messages))),
    maxTokens: limitOf(body.max_completion_tokens) ?? limitOf(body.max_tokens),
    stop: stopsOf(body.stop),
    reasoning: body.thinking_budget !== undefined
      || (body.reasoning_effort !== undefined && body.reasoning_effort !== 'none'),
    includeUsage: fields(body.stream_options).include_usage === true,
    encrypted: false,
  }
}

function isReminder ({ role, content }: Fields): boolean {
  return role === 'user' && /^<system-reminder>[^]*<\/system-reminder>$/.test(contentText(content).trim())
}

export function instructionsOf (messages: readonly Fields[]): string {
  return messages.filter(({ role }) => role === 'system' || role === 'developer').map(({ content }) =>
    contentText(content)
  ).join('\n')
}

export function contentText (content: unknown): string {
  if (typeof content === 'string') return content
  return list(content).map(part => text(fields(part).text)).filter(part => part !== '').join('\n')
}

export function chatImages (message: Fields) {
  return list(message.content).map(fields).filter(part => part.type === 'image_url').map(part =>
    seeImage(text(isFields(part.image_url) ? part.image_url.url : part.image_url))
  )
}

function charsOf (message: Fields): number {
  return contentText(message.content).length
    + (message.tool_calls === undefined ? 0 : toJson(message.tool_calls).length)
}

function readTool (value: unknown): OfferedTool {
  const tool = fields(value)
  const custom = tool.type === 'custom'
  const inner = fields(custom ? tool.custom : tool.function)
  return { name: text(inner.name), schema: inner.parameters, custom }
}

function readChoice (value: unknown): Ask['toolChoice'] {
  if (value === 'none' || value === 'required') return value
  const name = text(fields(fields(value).function ?? fields(value).custom).name)
  return name === '' ? 'auto' : { name }
}

function readFormat (value: unknown, inWords: () => unknown): unknown {
  const format = fields(value)
  if (format.type === 'json_schema') return fields(format.json_schema).schema ?? {}
  return inWords() ?? (format.type === 'json_object' ? {} : undefined)
}
