// Decodes content blocks of a request into blocks of a prompt. `docs/spec/translation.md#messages-blocks`,
// `docs/spec/translation.md#content`.
import { isObject, type JsonObject } from '../../../json.ts'
import { append } from '../../../append.ts'
import { mapInSteps, stepSize, type Steps } from '../../../steps.ts'
import { isCarrier, unpackCarrier } from '../../shared/carrier.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { readSource, toInline } from '../../shared/media.ts'
import type { Block, Carrier, FileBlock, ImageBlock, Inline, Remote, TextBlock } from '../../contract/prompt.ts'
import { decodeSearch, pairSearches } from './decode-web-tools.ts'
import { serverBlockText, toolsNowAvailable } from './decode-server-blocks.ts'
import { blocksOf, invalid, isCached, list, stringify, text } from '../wire.ts'

type Content = TextBlock | ImageBlock | FileBlock

export interface ContentContext {
  readonly ledger: Ledger
  /** The client-run Anthropic tool with this name, or null. */
  readonly builtinOf: (name: string) => string | null
}

/** @param at the path of the content, for error messages */
export function* decodeContent (content: unknown, at: string, context: ContentContext): Steps<Block[]> {
  if (content !== undefined && content !== null && typeof content !== 'string' && !Array.isArray(content)) {
    throw invalid(at, 'a string or an array of blocks')
  }
  const out: Block[] = []
  const blocks = blocksOf(content)
  const searches = pairSearches(blocks)
  for (const [index, block] of blocks.entries()) {
    if (index % stepSize === stepSize - 1) yield
    const search = searches.get(block)
    if (search !== undefined) {
      if (search.use === block) continue
      const { block: decoded, isWhole } = decodeSearch(search)
      if (!isWhole) context.ledger.lose('messages.web_search_tool_result')
      out.push(decoded)
    } else append(out, yield* decodeBlock(block, `${at}.${index}`, context))
  }
  return out
}

function* decodeBlock (block: JsonObject, at: string, context: ContentContext): Steps<Block[]> {
  const { ledger, builtinOf } = context
  const cache = isCached(block) ? { cache: true } : {}
  switch (block['type']) {
    case 'tool_use': {
      const name = text(block['name'])
      if (name === '' || text(block['id']) === '') throw invalid(at, 'a tool_use with an id and a name')
      return [{ type: 'tool-call', id: text(block['id']), name, namespace: null, kind: 'function',
        builtin: builtinOf(name), input: inputOf(block['input']), ...cache }]
    }
    case 'tool_result': {
      if (text(block['tool_use_id']) === '') throw invalid(`${at}.tool_use_id`, 'the id of a tool_use')
      const isError = typeof block['is_error'] === 'boolean' ? block['is_error'] : null
      const inner = blocksOf(block['content'])
      const isInnerCached = inner.some(isCached) ? { cache: true } : {}
      return [{ type: 'tool-result', id: text(block['tool_use_id']),
        blocks: yield* decodeResult(inner, `${at}.content`, ledger), isError, ...cache, ...isInnerCached }]
    }
    case 'thinking':
      return decodeThought(block, text(block['thinking']), text(block['signature']))
    case 'redacted_thinking':
      return decodeThought(block, '', text(block['data']))
    case 'compaction':
      if (text(block['content']) === '') ledger.refuse(at, 'A compacted conversation')
      return [{ type: 'text', text: text(block['content']), ...cache }]
    case 'container_upload':
      return ledger.refuse(`${at}.file_id`, 'A file id')
  }
  const known = decodeShown(block, at, ledger)
  if (known !== null) return known
  const words = serverBlockText(block)
  ledger.lose(`messages.${text(block['type']).slice(0, 64)}`)
  return words === null || words === '' ? [] : [{ type: 'text', text: words, apart: true }]
}

/** No block for a thought without text and state. State that is not ours is Anthropic's own: only Claude reads it. */
function decodeThought (block: JsonObject, thought: string, state: string): Block[] {
  if (thought === '' && state === '') return []
  const { cache_control: _mark, ...item } = block
  const foreign: Carrier | null = state === '' || isCarrier(state)
    ? null
    : { kind: block['type'] === 'thinking' ? 'm' : 'd', item, model: null }
  return [{ type: 'reasoning', text: thought, carrier: foreign ?? unpackCarrier(state) }]
}

/** Blocks that both a turn and a tool's result may contain; null for any other. */
function decodeShown (block: JsonObject, at: string, ledger: Ledger): Content[] | null {
  const cache = isCached(block) ? { cache: true } : {}
  switch (block['type']) {
    case 'text':
      if (list(block['citations']).length > 0) ledger.lose('citations')
      return text(block['text']) === '' ? [] : [{ type: 'text', text: text(block['text']), ...cache }]
    case 'image':
      return [{ type: 'image', source: sourceOf(block, at, ledger), detail: null, ...cache }]
    case 'document': {
      if (isObject(block['citations']) && block['citations']['enabled'] === true) ledger.lose('citations')
      const about = { name: text(block['title']) || null, context: text(block['context']) || null }
      const source = isObject(block['source']) ? block['source'] : {}
      if (source['type'] === 'text') {
        return [{ type: 'file', source: { text: text(source['data']) }, ...about, ...cache }]
      }
      if (source['type'] !== 'content') {
        return [{ type: 'file', source: sourceOf(block, at, ledger), ...about, ...cache }]
      }
      const head = [about.name, about.context].filter(Boolean).join('\n')
      const inner = blocksOf(source['content']).flatMap((part, index) =>
        decodeShown(part, `${at}.source.content.${index}`, ledger) ?? []
      )
      return [...(head === '' ? [] : [{ type: 'text', text: head, apart: true } as const]),
        ...inner.map((part, index) => index === inner.length - 1 ? { ...part, ...cache } : part)]
    }
    case 'search_result': {
      const body = blocksOf(block['content']).map(part => text(part['text'])).join('\n')
      return [{ type: 'text', text: [text(block['title']), text(block['source']), body].filter(Boolean).join('\n'),
        apart: true, ...cache }]
    }
    default:
      return null
  }
}

function* decodeResult (blocks: readonly JsonObject[], at: string, ledger: Ledger): Steps<Content[]> {
  const references = blocks.filter(block => block['type'] === 'tool_reference').map(block => text(block['tool_name']))
    .filter(Boolean)
  yield
  const read = yield* mapInSteps(blocks, (block, index): Content[] => {
    if (block['type'] === 'tool_reference') return []
    const known = decodeShown(block, `${at}.${index}`, ledger)
    if (known !== null) return known
    ledger.lose(`messages.tool_result.${text(block['type']).slice(0, 64)}`)
    return []
  })
  const shown = read.flat()
  return references.length === 0
    ? shown
    : [...shown, { type: 'text', text: toolsNowAvailable(references), apart: true }]
}

function sourceOf (block: JsonObject, at: string, ledger: Ledger): Inline | Remote {
  const source = isObject(block['source']) ? block['source'] : {}
  if (source['type'] === 'base64' && typeof source['data'] === 'string') {
    return toInline(text(source['media_type']), source['data'])
  }
  if (source['type'] === 'url' && typeof source['url'] === 'string') return readSource(source['url'])
  if (source['type'] === 'file') return ledger.refuse(`${at}.source.file_id`, 'A file id')
  throw invalid(`${at}.source`, 'a base64 or url source')
}

/** A call's arguments as the JSON of an object, whatever the client sent. */
function inputOf (input: unknown): string {
  if (input === undefined || input === null) return '{}'
  return stringify(isObject(input) ? input : { _raw: typeof input === 'string' ? input : stringify({ input }) })
}
