// Encodes a prompt's turns as messages: roles alternate, results and thoughts come first, nothing is empty.
// `docs/spec/translation.md#assistant-turns`, `docs/spec/translation.md#tool-results`.
import { append } from '../../../append.ts'
import { textOfBase64 } from '../../../bytes.ts'
import { parseObjectWithin, type JsonObject } from '../../../json.ts'
import { mapInSteps, stepSize, type Steps } from '../../../steps.ts'
import { fits } from '../../shared/carrier.ts'
import type { Target } from '../../contract/dialect.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Block, FileBlock, ImageBlock, Inline, Prompt, Remote } from '../../contract/prompt.ts'
import type { ToolNames } from '../../shared/tool-names.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { DocumentBlock, ImageBlock as WireImage, Source, WireBlock, WireMessage } from '../wire.ts'
import { ephemeral } from './encode-cache-marks.ts'
import { toThought } from '../native/prepare-messages.ts'

export interface EncodeContext {
  readonly target: Target
  readonly ledger: Ledger
  readonly names: ToolNames
}

const imageTypes = ['image/jpeg', 'image/png', 'image/gif', 'image/webp']

export function* encodeTurns (turns: Prompt['turns'], context: EncodeContext): Steps<WireMessage[]> {
  const raw: WireMessage[] = []
  let count = 0
  for (const { role, blocks } of turns) {
    const content: WireBlock[] = []
    for (const block of blocks) {
      if (++count % stepSize === 0) yield
      append(content, encodeBlock(block, context))
    }
    if (content.length > 0) raw.push({ role, content })
  }
  yield
  const messages = yield* mapInSteps(yield* merge(raw), arrange)
  // Upstream requires at least one message, and the user's must be first.
  return messages.find(message => message.role !== 'system')?.role === 'user'
    ? messages
    : [{ role: 'user', content: [{ type: 'text', text: '(conversation start)' }] }, ...messages]
}

function* merge (messages: readonly WireMessage[]): Steps<WireMessage[]> {
  const out: WireMessage[] = []
  /** The list of the last message, once another was joined to it: our own copy, which may grow. */
  let joined: WireBlock[] | null = null
  for (const [at, message] of messages.entries()) {
    if (at % stepSize === stepSize - 1) yield
    const last = out.at(-1)
    if (last?.role !== message.role) {
      out.push(message)
      joined = null
      continue
    }
    if (joined === null) {
      joined = [...last.content]
      out[out.length - 1] = { ...last, content: joined }
    }
    append(joined, message.content)
  }
  return out
}

function arrange (message: WireMessage): WireMessage {
  const { role, content } = message
  if (content.length === 1) return message
  if (role === 'system') return message
  if (role === 'user') return { role, content: inFront(content, isResult) }
  return isThought(content[0]?.type) ? message : { role, content: inFront(content, isThought) }
}

function inFront (blocks: readonly WireBlock[], isFirst: (type: unknown) => boolean): readonly WireBlock[] {
  if (!blocks.some(block => isFirst(block.type))) return blocks
  return [...blocks.filter(block => isFirst(block.type)), ...blocks.filter(block => !isFirst(block.type))]
}

function isResult (type: unknown): boolean {
  return type === 'tool_result'
}

function isThought (type: unknown): boolean {
  return type === 'thinking' || type === 'redacted_thinking'
}

function encodeBlock (block: Block, context: EncodeContext): WireBlock[] {
  const { target, names } = context
  const cache = 'cache' in block && block.cache === true ? { cache_control: ephemeral } : {}
  switch (block.type) {
    case 'text':
    case 'refusal':
      return block.text.trim() === '' ? [] : [{ type: 'text', text: block.text, ...cache }]
    case 'image':
      return [{ ...encodeImage(block, context), ...cache }]
    case 'file':
      return encodeFile(block, context).map(file => ({ ...file, ...cache }))
    case 'reasoning': {
      const { carrier } = block
      const thought = carrier !== null && fits(carrier, ['m', 'd'], target.id)
        ? toThought(carrier.kind, carrier.item)
        : null
      if (thought === null) context.ledger.lose('reasoning')
      return thought === null ? [] : [thought]
    }
    case 'tool-call':
      return [{ type: 'tool_use', id: block.id, name: names.toUpstream(block),
        input: block.kind === 'custom' ? { input: block.input } : readInput(block.input), ...cache }]
    case 'tool-result': {
      const content = block.blocks.flatMap(inner =>
        encodeBlock('cache' in inner ? { ...inner, cache: false } : inner, context)
      )
      const only = content.length === 1 && content[0]?.type === 'text' ? content[0].text : content
      return [{ type: 'tool_result', tool_use_id: block.id, content: only,
        ...(block.isError === null ? {} : { is_error: block.isError }), ...cache }]
    }
  }
}

function encodeImage ({ source, detail }: ImageBlock, { ledger }: EncodeContext): WireImage {
  if (detail !== null && detail !== 'auto') ledger.lose('detail')
  if (!('url' in source) && !imageTypes.includes(source.mime)) {
    ledger.refuse('messages', `An image of type ${source.mime.slice(0, 64) || 'unknown'}`)
  }
  return { type: 'image', source: encodeSource(source, ledger) }
}

type About = Pick<DocumentBlock, 'title' | 'context'>

function encodeFile ({ source, name, context }: FileBlock, { ledger }: EncodeContext): (DocumentBlock | WireImage)[] {
  const about = omitUndefined<About>({ title: name === null || name === '' ? undefined : name,
    context: context === undefined || context === null || context === '' ? undefined : context })
  if ('text' in source) return encodeText(source.text, about)
  if ('url' in source || source.mime === 'application/pdf') {
    return [{ type: 'document', source: encodeSource(source, ledger), ...about }]
  }
  if (imageTypes.includes(source.mime)) return [{ type: 'image', source: encodeSource(source, ledger) }]
  const words = isText(source.mime) ? textOfBase64(source.data) : null
  return words === null
    ? ledger.refuse('messages', `A file of type ${source.mime.slice(0, 64) || 'unknown'}`)
    : encodeText(words, about)
}

function encodeText (words: string, about: About): DocumentBlock[] {
  return words.trim() === ''
    ? []
    : [{ type: 'document', source: { type: 'text', media_type: 'text/plain', data: words }, ...about }]
}

function isText (mime: string): boolean {
  return mime.startsWith('text/') || /^application\/(?:json|xml|javascript|x-yaml|yaml|toml)$/.test(mime)
    || /\+(?:json|xml)$/.test(mime)
}

function encodeSource (source: Inline | Remote, ledger: Ledger): Source {
  if (!('url' in source)) return { type: 'base64', media_type: source.mime, data: source.data }
  return /^https?:\/\//i.test(source.url)
    ? { type: 'url', url: source.url }
    : ledger.refuse('messages', 'A link of this kind')
}

/** This is history, so any value is carried. */
export function readInput (json: string): JsonObject {
  if (json.trim() === '') return {}
  return parseObjectWithin(json) ?? { _raw: json }
}
