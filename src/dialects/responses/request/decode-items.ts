// Decodes the items of a Responses request into turns: the assistant's text and calls in one turn, their results in the
// next. `docs/spec/translation.md#responses-items`, `docs/spec/translation.md#instructions`.
import { GatewayError } from '../../../errors.ts'
import { isObject, type JsonObject } from '../../../json.ts'
import { isCarrier, unpackCarrier } from '../../shared/carrier.ts'
import { stepSize, type Steps } from '../../../steps.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Block, Carrier, TextBlock, ToolCallBlock, ToolResultBlock, Turn } from '../../contract/prompt.ts'
import { readBuiltinCall, readBuiltinOutput, toolNamesText } from '../wire-builtins.ts'
import { readCompaction } from '../wire-compaction.ts'
import { isEncrypted, proseOf, unreadable } from '../wire-encrypted-part.ts'
import { decodeContent, type Content } from './decode-content.ts'
import { serverItems } from '../wire-item-types.ts'
import { serverItemText } from './decode-server-items.ts'
import type { BuiltinType } from '../wire-tool-kinds.ts'
import { fields, isGiven, objects, readInput, text, typeOf, withoutNulls } from '../wire.ts'

/**
 * @throws {GatewayError} `invalid_request` that names the item; `unsupported_parameter` for what only OpenAI could
 * resolve
 */
export function* decodeItems (
  input: unknown,
  ledger: Ledger,
): Steps<{ readonly system: readonly TextBlock[], readonly turns: readonly Turn[] }> {
  const system: TextBlock[] = []
  const turns: { role: Turn['role'], blocks: Block[] }[] = []
  /** Older clients answer a `local_shell_call` by the item's id. */
  const callIds = new Map<string, string>()

  /** The last turn while it contains only results: further results, and one message, still belong to it. */
  let results: { blocks: Block[] } | null = null

  const last = () => turns.at(-1)
  /** Whether more text would look like a continuation. */
  const goesOn = (): boolean => {
    const turn = last()
    const before = turn?.role === 'assistant' ? turn.blocks.at(-1)?.type : undefined
    return before === 'text' || before === 'refusal'
  }
  const push = (role: Turn['role'], blocks: readonly Block[]): void => {
    results = null
    turns.push({ role, blocks: [...blocks] })
  }
  const say = (blocks: readonly Block[]): void => {
    const turn = last()
    if (turn?.role === 'assistant') { for (const block of blocks) turn.blocks.push(block) }
    else push('assistant', blocks)
  }
  const result = (item: JsonObject, blocks: ToolResultBlock['blocks'], isError: boolean | null = null): void => {
    const given = text(item['call_id']) || text(item['id'])
    const turn: { blocks: Block[] } = results ?? { blocks: [] }
    turn.blocks.push({ type: 'tool-result', id: callIds.get(given) ?? given, blocks, isError })
    if (results === null) turns.push({ role: 'user', blocks: turn.blocks })
    results = turn
  }
  const call = (
    item: JsonObject,
    more: Pick<ToolCallBlock, 'kind' | 'builtin' | 'name' | 'input'>,
    at: string,
  ): void => {
    const id = text(item['call_id']) || text(item['id'])
    if (id === '') {
      throw new GatewayError('invalid_request', `\`${at}.call_id\` must be a text.`, { param: `${at}.call_id` })
    }
    say([{ type: 'tool-call', id, namespace: text(item['namespace']) || null, ...more }])
  }

  const values = readInput(input)
  const lastAt = `input[${values.length - 1}]`
  for (const [index, value] of values.entries()) {
    if (index % stepSize === stepSize - 1) yield
    const at = `input[${index}]`
    const item = typeof value === 'string' ? { role: 'user', content: value } : value
    if (!isObject(item)) throw new GatewayError('invalid_request', `\`${at}\` must be an object.`, { param: at })
    read(item, at)
  }
  return { system, turns }

  function read (item: JsonObject, at: string): void {
    const type = typeOf(item)
    switch (type) {
      case 'message':
        return message(item, at)
      case 'function_call':
        return call(item, { kind: 'function', builtin: null, name: text(item['name']),
          input: argumentsOf(item['arguments']) }, at)
      case 'custom_tool_call':
        return call(item, { kind: 'custom', builtin: null, name: text(item['name']), input: text(item['input']) }, at)
      case 'function_call_output':
      case 'custom_tool_call_output':
        return result(item, outputOf(item['output'], `${at}.output`, ledger))
      case 'reasoning':
        return isHollow(item)
          ? undefined
          : say([{ type: 'reasoning', text: reasoningText(item), carrier: carrierOf(item) }])
      case 'local_shell_call':
      case 'shell_call':
      case 'apply_patch_call':
      case 'tool_search_call': {
        if (type === 'tool_search_call' && item['execution'] === 'server') return ledger.lose('input.tool_search_call')
        if (typeof item['id'] === 'string' && typeof item['call_id'] === 'string') {
          callIds.set(item['id'], item['call_id'])
        }
        const builtin = type.slice(0, -'_call'.length) as BuiltinType
        return call(item, { kind: 'function', builtin, name: builtin, input: readBuiltinCall(builtin, item) }, at)
      }
      case 'local_shell_call_output':
      case 'shell_call_output':
      case 'apply_patch_call_output': {
        const output = readBuiltinOutput(type.slice(0, -'_call_output'.length) as BuiltinType, item)
        return result(item, toBlocks(output.text), output.isError)
      }
      // The findings of a server's search join the tools, and the client did not make the call.
      case 'tool_search_output':
        return item['execution'] === 'server' || !isGiven(item['call_id'])
          ? undefined
          : result(item, toBlocks(toolNamesText(item['tools'])))
      case 'additional_tools':
      case 'configuration_update':
        return // decode-request.ts handles it.
      case 'item_reference':
        throw new GatewayError('item_not_found', `Item with id '${text(item['id']).slice(0, 80)}' not found.`, {
          param: at,
        })
      case 'compaction':
      case 'compaction_summary':
      case 'context_compaction':
        return compaction(item, at)
      case 'compaction_trigger':
        if (at !== lastAt) throw misplaced(at)
        return // decode-request.ts handles it.
      case 'computer_call':
      case 'computer_call_output':
        return ledger.refuse(at, `An item of type ${type}`)
      // A message of another agent that works on the same task. Codex uses it for a child's task and findings.
      case 'agent_message':
        return agentMessage(item)
      default: {
        const summary = serverItems.includes(type) ? serverItemText(type, item) : null
        if (summary !== null) say([{ type: 'text', text: summary, apart: true }])
        const unknown = serverItems.includes(type) ? '' : textOf(item)
        if (unknown !== '') return pushUserText(`[${type.slice(0, 64) || 'item'}]\n${unknown}`)
        ledger.lose(`input.${type.slice(0, 64) || 'item'}`)
      }
    }
  }

  /** Our own summary is text for any model. Another state is carried to the endpoint that may have made it. */
  function compaction (item: JsonObject, at: string): void {
    const read = readCompaction(item, at)
    if (read.kind === 'summary') return pushUserText(read.text)
    if (read.kind === 'foreign') {
      say([{ type: 'reasoning', text: '', carrier: { kind: 'r', item: read.item, model: null } }])
    }
  }

  function agentMessage (item: JsonObject): void {
    const words = text(item['content']) || objects(item['content']).map(wordsOf).filter(each => each !== '').join('\n')
    if (words === '' || objects(item['content']).some(isLost)) ledger.lose('input.agent_message')
    if (words !== '') pushUserText(`[message from ${text(item['author'])} to ${text(item['recipient'])}]\n${words}`)
  }

  /** Adds the text as a separate message of the user. */
  function pushUserText (words: string): void {
    results = null
    push('user', [{ type: 'text', text: words, apart: true }])
  }

  function message (item: JsonObject, at: string): void {
    const { role } = item
    const content = decodeContent(item['content'], `${at}.content`, ledger)
    switch (role) {
      case 'system':
      case 'developer': {
        const blocks = texts(content).map((block, index): TextBlock => ({ ...block, role,
          ...(index === 0 ? { apart: true } : {}) })
        )
        if (blocks.length < content.length) ledger.lose(`input.${role}`)
        if (turns.length === 0) { for (const block of blocks) system.push(block) }
        else push('system', blocks)
        return
      }
      case 'assistant': {
        const blocks = content.filter(({ type }) => type === 'text' || type === 'refusal')
        if (blocks.length < content.length) ledger.lose('input.assistant')
        return say(goesOn() ? apart(blocks) : blocks)
      }
      case 'user':
      case undefined: {
        const blocks = content.map((block): Content =>
          block.type === 'refusal' ? { type: 'text', text: block.text } : block
        )
        if (results === null) return push('user', blocks)
        for (const block of blocks) results.blocks.push(block)
        results = null
        return
      }
      default:
        throw new GatewayError('invalid_request', `\`${at}.role\` must be user, assistant, system or developer.`, {
          param: `${at}.role`,
        })
    }
  }
}

function misplaced (at: string): GatewayError {
  return new GatewayError('invalid_request', `\`${at}\`: a compaction_trigger must be the last item.`, { param: at })
}

/** Marks the first text so that it does not continue the message before. */
function apart (blocks: readonly Block[]): readonly Block[] {
  const [first, ...rest] = blocks
  return first?.type === 'text' ? [{ ...first, apart: true }, ...rest] : blocks
}

function texts (blocks: readonly Block[]): readonly TextBlock[] {
  return blocks.filter(block => block.type === 'text')
}

function toBlocks (value: string): readonly TextBlock[] {
  return value === '' ? [] : [{ type: 'text', text: value }]
}

function argumentsOf (value: unknown): string {
  if (typeof value === 'string') return value.trim() === '' ? '{}' : value
  return isObject(value) ? JSON.stringify(value) : '{}'
}

function outputOf (output: unknown, at: string, ledger: Ledger): ToolResultBlock['blocks'] {
  if (isObject(output)) return toBlocks(JSON.stringify(output))
  return decodeContent(output, at, ledger).map((block): Content =>
    block.type === 'refusal' ? { type: 'text', text: block.text } : block
  )
}

function reasoningText (item: JsonObject): string {
  const parts = objects(item['summary']).length > 0 ? objects(item['summary']) : objects(item['content'])
  return parts.map(part => text(fields(part)['text'])).filter(part => part !== '').join('\n\n')
}

/** An item without text and without state. */
function isHollow (item: JsonObject): boolean {
  return reasoningText(item) === '' && text(item['encrypted_content']) === ''
}

/** Our own state, or an item of a Responses upstream, which is kept unchanged. */
function carrierOf (item: JsonObject): Carrier | null {
  const state = item['encrypted_content']
  if (isCarrier(state)) return unpackCarrier(state)
  return typeof state === 'string' && state !== '' ? { kind: 'r', item: nativeItem(item), model: null } : null
}

/** Without the fields that clients add for themselves. */
export function nativeItem (item: JsonObject): JsonObject {
  const given = withoutNulls(item)
  return Object.keys(given).some(isExtra)
    ? Object.fromEntries(Object.entries(given).filter(([key]) => !isExtra(key)))
    : given
}

/** Codex's notes to itself. */
function isExtra (key: string): boolean {
  return key.startsWith('internal_')
}

/** The text of an item of unknown type. */
function textOf (item: JsonObject): string {
  const own = text(item['content']) || text(item['text'])
  return own !== '' ? own : objects(item['content']).filter(isText).map(part => text(part['text'])).join('\n')
}

function isText (part: JsonObject): boolean {
  return text(part['text']) !== ''
}

/** The text of a part, or the mark of one that nobody else can read. */
function wordsOf (part: JsonObject): string {
  return isEncrypted(part) ? proseOf(part) ?? unreadable : text(part['text'])
}

function isLost (part: JsonObject): boolean {
  return isEncrypted(part) ? proseOf(part) === null : !isText(part)
}
