// Decodes the messages of a Chat request into turns. Tool results begin a user's turn, and the user's next message
// belongs to the same turn. `docs/spec/translation.md#instructions`, `docs/spec/translation.md#tool-results`.
import { append } from '../../../append.ts'
import { isObject, text, type JsonObject } from '../../../json.ts'
import { stepSize, type Steps } from '../../../steps.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Block, Prompt, TextBlock, ToolResultBlock, Turn } from '../../contract/prompt.ts'
import { decodeAssistant } from './decode-assistant.ts'
import { readContent } from './decode-content.ts'
import { invalid, readObject } from './decode-fields.ts'

/** @throws {GatewayError} */
export function* decodeMessages (
  messages: readonly unknown[],
  ledger: Ledger,
): Steps<Pick<Prompt, 'system' | 'turns'>> {
  const system: TextBlock[] = []
  const turns: Array<{ role: Turn['role'], blocks: Block[] }> = []
  /** The latest call of each legacy function: its result refers to it by name only. */
  const legacyCalls = new Map<string, string>()
  const manyNames = hasManyNames(messages)
  let isLeading = true
  /** Whether the last turn only contains results so far. */
  let isAfterResult = false

  const addResult = (block: ToolResultBlock) => {
    if (isAfterResult) turns.at(-1)?.blocks.push(block)
    else turns.push({ role: 'user', blocks: [block] })
    isAfterResult = true
  }
  for (const [at, value] of messages.entries()) {
    if (at % stepSize === stepSize - 1) yield
    const path = `messages[${at}]`
    const message = readObject(value, path)
    const { role, content, name } = message
    if (typeof name === 'string' && name !== '' && role !== 'function') ledger.lose('messages.name')
    const wasAfterResult = isAfterResult
    if (role !== 'system' && role !== 'developer') isLeading = false
    if (role !== 'tool' && role !== 'function') isAfterResult = false
    switch (role) {
      case 'system':
      case 'developer': {
        const given = readContent(content, `${path}.content`, ledger)
        const texts = given.filter(block => block.type === 'text')
        if (texts.length < given.length) ledger.lose(`messages.${role}`)
        const blocks = markLast(message, texts.map(block => ({ ...block, role })))
        if (isLeading) append(system, system.length === 0 ? blocks : setApart(blocks))
        else turns.push({ role: 'system', blocks })
        break
      }
      case 'user': {
        const read = readContent(content, `${path}.content`, ledger)
        const blocks: readonly Block[] = markLast(message, withName(read, manyNames ? name : null))
        const before = wasAfterResult ? turns.at(-1) : undefined
        if (before !== undefined) append(before.blocks, blocks)
        else turns.push({ role: 'user', blocks: [...blocks] })
        break
      }
      case 'assistant': {
        const blocks = markLast(message, yield* decodeAssistant(message, at, ledger))
        for (const block of blocks) {
          if (block.type === 'tool-call' && isObject(message['function_call'])) legacyCalls.set(block.name, block.id)
        }
        const last = turns.at(-1)
        if (last?.role === 'assistant') append(last.blocks, setApart(blocks))
        else turns.push({ role: 'assistant', blocks })
        break
      }
      case 'tool':
        addResult(readResult(message, message['tool_call_id'], path, ledger))
        break
      case 'function':
        addResult(readResult(message, legacyCalls.get(text(name)) ?? `call_fn_${at}`, path, ledger))
        break
      default:
        throw invalid(`${path}.role`, '"system", "developer", "user", "assistant", "tool" or "function"')
    }
  }
  return { system, turns }
}

function readResult (message: JsonObject, id: unknown, path: string, ledger: Ledger): ToolResultBlock {
  if (typeof id !== 'string' || id === '') throw invalid(`${path}.tool_call_id`, 'the id of a tool call')
  const cache = isObject(message['copilot_cache_control']) ? { cache: true } : {}
  return { type: 'tool-result', id, blocks: readContent(message['content'], `${path}.content`, ledger), isError: null,
    ...cache }
}

/**
 * Copilot marks a whole message for its cache: docs/spec/translation.md#caching. Reasoning and refusals cannot carry a
 * mark.
 */
function markLast<T extends Block> (message: JsonObject, blocks: readonly T[]): T[] {
  if (!isObject(message['copilot_cache_control'])) return [...blocks]
  const at = blocks.findLastIndex(block => block.type !== 'reasoning' && block.type !== 'refusal')
  return blocks.map((block, index) => index === at ? { ...block, cache: true } : block)
}

/** If several people speak, their names become part of the text. */
function hasManyNames (messages: readonly unknown[]): boolean {
  let first: string | null = null
  for (const message of messages) {
    const name = isObject(message) && message['role'] === 'user' ? message['name'] : null
    if (typeof name !== 'string' || name === '') continue
    first ??= name
    if (name !== first) return true
  }
  return false
}

function withName<T extends Block> (blocks: readonly T[], name: unknown): readonly (T | TextBlock)[] {
  if (typeof name !== 'string' || name === '') return blocks
  const [first, ...rest] = blocks
  return first?.type === 'text'
    ? [{ ...first, text: `${name}: ${first.text}` }, ...rest]
    : [{ type: 'text', text: `${name}: ` }, ...blocks]
}

/** Marks the first text as the start of a new message. */
function setApart<T extends Block> (blocks: readonly T[]): readonly T[] {
  const at = blocks.findIndex(block => block.type === 'text')
  return blocks.map((block, index) => index === at ? { ...block, apart: true } : block)
}
