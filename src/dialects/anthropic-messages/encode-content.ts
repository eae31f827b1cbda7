// Turns of a prompt as messages: roles in turn, results first, thoughts first, nothing empty. `translation.md` 2.4.
import { fromUtf8, decodeBase64 } from '../../bytes.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { fits } from '../carrier.ts'
import type { Target } from '../dialect.ts'
import type { Ledger } from '../ledger.ts'
import type { Block, FileBlock, ImageBlock, Inline, Prompt, Remote } from '../prompt.ts'
import { fitCallId, type ToolNames } from '../tool-names.ts'
import { ephemeral } from './cache.ts'
import { takesPrefill, toThought, trimEnd } from './prepare-messages.ts'
import { placeSystemTurns, takesSystemTurns, type Message } from './system.ts'

export interface EncodeContext { readonly target: Target, readonly ledger: Ledger, readonly names: ToolNames }

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']

export function encodeTurns (turns: Prompt['turns'], context: EncodeContext): Message[] {
  const raw = turns.map(({ role, blocks }): Message => ({ role, content: blocks.flatMap(block => encodeBlock(block, context)) }))
  const messages = merge(placeSystemTurns(raw.filter(message => message.content.length > 0), takesSystemTurns(context.target.id))).map(arrange)
  // Upstream wants the user to begin, and something to be there at all.
  return messages[0]?.role === 'user' ? messages : [{ role: 'user', content: [{ type: 'text', text: '(conversation start)' }] }, ...messages]
}

/** An answer that is begun goes on only with models that allow it. */
export function endTurns (messages: Message[], { id, thinks }: { id: string, thinks: boolean }): Message[] {
  const last = messages.at(-1)
  if (last?.role !== 'assistant') return messages
  if (thinks || !takesPrefill(id) || last.content.at(-1)?.['type'] !== 'text') return [...messages, { role: 'user', content: [{ type: 'text', text: 'Continue.' }] }]
  return [...messages.slice(0, -1), trimEnd({ ...last }) as unknown as Message]
}

function merge (messages: readonly Message[]): Message[] {
  const out: Message[] = []
  for (const message of messages) {
    const last = out.at(-1)
    if (last?.role === message.role) out[out.length - 1] = { ...last, content: [...last.content, ...message.content] }
    else out.push(message)
  }
  return out
}

function arrange ({ role, content }: Message): Message {
  if (role === 'user') return { role, content: inFront(content, type => type === 'tool_result') }
  return isThought(content[0]?.['type']) ? { role, content } : { role, content: inFront(content, isThought) }
}

function inFront (blocks: readonly JsonObject[], isFirst: (type: unknown) => boolean): JsonObject[] {
  return [...blocks.filter(block => isFirst(block['type'])), ...blocks.filter(block => !isFirst(block['type']))]
}

function isThought (type: unknown): boolean {
  return type === 'thinking' || type === 'redacted_thinking'
}

function encodeBlock (block: Block, context: EncodeContext): JsonObject[] {
  const { target, names } = context
  const cache = 'cache' in block && block.cache === true ? { cache_control: ephemeral } : {}
  switch (block.type) {
    case 'text': case 'refusal': return block.text.trim() === '' ? [] : [{ type: 'text', text: block.text, ...cache }]
    case 'image': return [{ ...encodeImage(block, context), ...cache }]
    case 'file': return encodeFile(block, context).map(file => ({ ...file, ...cache }))
    case 'reasoning': {
      const { carrier } = block
      const thought = carrier !== null && fits(carrier, ['m', 'd'], target.id) ? toThought(carrier.kind, carrier.item) : null
      return thought === null ? [] : [thought]
    }
    case 'tool-call': return [{ type: 'tool_use', id: fitCallId(block.id), name: names.toUpstream(block), input: block.kind === 'custom' ? { input: block.input } : readInput(block.input), ...cache }]
    case 'tool-result': {
      const content = block.blocks.flatMap(inner => encodeBlock('cache' in inner ? { ...inner, cache: false } : inner, context))
      const only = content.length === 1 && content[0]?.['type'] === 'text' ? content[0]['text'] : content
      return [{ type: 'tool_result', tool_use_id: fitCallId(block.id), content: only, ...(block.isError === null ? {} : { is_error: block.isError }), ...cache }]
    }
  }
}

function encodeImage ({ source, detail }: ImageBlock, { ledger }: EncodeContext): JsonObject {
  if (detail !== null && detail !== 'auto') ledger.lose('detail')
  if (!('url' in source) && !imageTypes.includes(source.mime)) ledger.refuse('messages', `An image of type ${source.mime.slice(0, 64) || 'unknown'}`)
  return { type: 'image', source: encodeSource(source, ledger) }
}

function encodeFile ({ source, name, context }: FileBlock, { ledger }: EncodeContext): JsonObject[] {
  const about = { ...(name === null || name === '' ? {} : { title: name }), ...(context === undefined || context === null || context === '' ? {} : { context }) }
  if ('text' in source) return encodeText(source.text, about)
  if ('url' in source || source.mime === 'application/pdf') return [{ type: 'document', source: encodeSource(source, ledger), ...about }]
  if (imageTypes.includes(source.mime)) return [{ type: 'image', source: encodeSource(source, ledger) }]
  const words = isText(source.mime) ? readText(source.data) : null
  return words === null ? ledger.refuse('messages', `A file of type ${source.mime.slice(0, 64) || 'unknown'}`) : encodeText(words, about)
}

function encodeText (words: string, about: JsonObject): JsonObject[] {
  return words.trim() === '' ? [] : [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: words }, ...about }]
}

function isText (mime: string): boolean {
  return mime.startsWith('text/') || /^application\/(?:json|xml|javascript|x-yaml|yaml|toml)$/.test(mime) || /\+(?:json|xml)$/.test(mime)
}

function readText (base64: string): string | null {
  const bytes = decodeBase64(base64)
  try { return bytes === null ? null : fromUtf8(bytes) } catch { return null }
}

function encodeSource (source: Inline | Remote, ledger: Ledger): JsonObject {
  if (!('url' in source)) return { type: 'base64', media_type: source.mime, data: source.data }
  return /^https?:\/\//i.test(source.url) ? { type: 'url', url: source.url } : ledger.refuse('messages', 'A link of this kind')
}

/** It is history, so whatever it is, it is carried. */
export function readInput (json: string): JsonObject {
  if (json.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(json)
    if (isObject(value)) return value
  } catch { /* carried as it is */ }
  return { _raw: json }
}
