// Reads a messages request for the model.
import { decodedBytes, limitOf, schemaInWords, stopsOf } from './ask.ts'
import { contentText } from './ask-chat.ts'
import { fields, list, text, toJson } from './json.ts'
import type { Ask, SeenImage, Reading } from './ask.ts'
import type { Fields } from './json.ts'
import type { ModelEntry } from './model-entry.ts'
import type { RecordedRequest, Seat } from './types.ts'

export function readMessages (request: RecordedRequest, seat: Seat, model: ModelEntry): Reading {
  const body = fields(request.json)
  const messages = list(body.messages).map(fields)
  const last = blocksOf(messages.at(-1)?.content)
  const spoken = messages.toReversed().find(message => message.role === 'user' && contentText(message.content) !== '')
  const words = last.filter(block => block.type === 'text' && !isReminder(text(block.text)))
  return {
    request,
    seat,
    dialect: 'messages',
    model,
    stream: body.stream === true,
    userText: contentText(spoken?.content),
    turns: messages.length,
    promptChars: contentText(body.system).length + messages.reduce((sum, message) => sum + charsOf(message), 0)
      + (body.tools === undefined ? 0 : toJson(body.tools).length),
    results: words.length > 0
      ? []
      : last.filter(block => block.type === 'tool_result').map(block => contentText(block.content)),
    images: messages.flatMap(message => messagesImages(message)),
    tools: list(body.tools).map(fields).filter(tool => tool.input_schema !== undefined).map(tool => ({
      name: text(tool.name),
      schema: tool.input_schema,
      custom: false,
    })),
    search: null,
    toolChoice: readChoice(fields(body.tool_choice)),
    parallel: fields(body.tool_choice).disable_parallel_tool_use !== true,
    schema: fields(fields(body.output_config).format).schema ?? schemaInWords(contentText(body.system)),
    maxTokens: limitOf(body.max_tokens),
    stop: stopsOf(body.stop_sequences ?? []),
    reasoning: ['enabled', 'adaptive'].includes(text(fields(body.thinking).type)),
    includeUsage: true,
    encrypted: false,
  }
}

export function blocksOf (content: unknown): Fields[] {
  return typeof content === 'string' ? [{ type: 'text', text: content }] : list(content).map(fields)
}

/** The images of a message, also those inside tool results. */
export function messagesImages (message: Fields): SeenImage[] {
  return list(message.content).map(fields).flatMap(block => {
    if (block.type === 'tool_result') return messagesImages(block)
    const source = fields(block.source)
    if (block.type !== 'image') return []
    return [
      source.type === 'base64'
        ? { mediaType: text(source.media_type), bytes: decodedBytes(text(source.data)) }
        : { mediaType: 'link', bytes: null },
    ]
  })
}

/** Text that a coding agent adds to the user's turn by itself. */
function isReminder (words: string): boolean {
  return /^\s*<system-reminder>.*<\/system-reminder>\s*$/s.test(words)
}

function charsOf (message: Fields): number {
  return blocksOf(message.content).reduce(
    (sum, block) =>
      sum + text(block.text).length + text(block.thinking).length + contentText(block.content).length
      + (block.input === undefined ? 0 : toJson(block.input).length),
    0,
  )
}

function readChoice (choice: Fields): Ask['toolChoice'] {
  if (choice.type === 'any') return 'required'
  if (choice.type === 'tool') return { name: text(choice.name) }
  return choice.type === 'none' ? 'none' : 'auto'
}
