// The messages of a Chat request as turns. Results of tools begin a user's turn, and what the user says next belongs to
// the same one. `translation.md` 2.3, 2.4.
import { isObject, type JsonObject } from '../../json.ts'
import type { Ledger } from '../ledger.ts'
import type { Block, Prompt, TextBlock, ToolResultBlock, Turn } from '../prompt.ts'
import { decodeAssistant } from './decode-assistant.ts'
import { readContent } from './decode-content.ts'
import { invalid, readObject } from './read.ts'

/** @throws {GatewayError} */
export function decodeMessages (messages: readonly unknown[], ledger: Ledger): Pick<Prompt, 'system' | 'turns'> {
  const system: TextBlock[] = []
  const turns: Array<{ role: Turn['role'], blocks: Block[] }> = []
  /** The latest call of each function of old, which knows its result by name only. */
  const legacyCalls = new Map<string, string>()
  const manyNames = hasManyNames(messages)
  let isLeading = true
  /** Whether the last turn holds results alone so far. */
  let isAfterResult = false

  const addResult = (block: ToolResultBlock) => {
    if (isAfterResult) turns.at(-1)?.blocks.push(block)
    else turns.push({ role: 'user', blocks: [block] })
    isAfterResult = true
  }
  for (const [at, value] of messages.entries()) {
    const path = `messages[${at}]`
    const message = readObject(value, path)
    const { role, content, name } = message
    if (typeof name === 'string' && name !== '' && role !== 'function') ledger.lose('messages.name')
    const wasAfterResult = isAfterResult
    if (role !== 'system' && role !== 'developer') isLeading = false
    if (role !== 'tool' && role !== 'function') isAfterResult = false
    switch (role) {
      case 'system': case 'developer': {
        const blocks = readContent(content, `${path}.content`, ledger).filter(block => block.type === 'text').map(block => ({ ...block, role }))
        if (isLeading) system.push(...system.length === 0 ? blocks : setApart(blocks))
        else turns.push({ role: 'system', blocks })
        break
      }
      case 'user': {
        const blocks: readonly Block[] = withName(readContent(content, `${path}.content`, ledger), manyNames ? name : null)
        if (wasAfterResult) turns.at(-1)?.blocks.push(...blocks)
        else turns.push({ role: 'user', blocks: [...blocks] })
        break
      }
      case 'assistant': {
        const blocks = decodeAssistant(message, at, ledger)
        for (const block of blocks) if (block.type === 'tool-call' && isObject(message['function_call'])) legacyCalls.set(block.name, block.id)
        const last = turns.at(-1)
        if (last?.role === 'assistant') last.blocks.push(...setApart(blocks))
        else turns.push({ role: 'assistant', blocks })
        break
      }
      case 'tool': addResult(readResult(message, message['tool_call_id'], path, ledger)); break
      case 'function': addResult(readResult(message, legacyCalls.get(String(name)) ?? `call_fn_${at}`, path, ledger)); break
      default: throw invalid(`${path}.role`, '"system", "developer", "user", "assistant", "tool" or "function"')
    }
  }
  return { system, turns }
}

function readResult ({ content }: JsonObject, id: unknown, path: string, ledger: Ledger): ToolResultBlock {
  if (typeof id !== 'string' || id === '') throw invalid(`${path}.tool_call_id`, 'the id of a tool call')
  return { type: 'tool-result', id, blocks: readContent(content, `${path}.content`, ledger), isError: null }
}

/** Where several people speak, who said what is part of what was said. */
function hasManyNames (messages: readonly unknown[]): boolean {
  const names = new Set(messages.map(message => isObject(message) && message['role'] === 'user' ? message['name'] : null).filter(name => typeof name === 'string' && name !== ''))
  return names.size > 1
}

function withName<T extends Block> (blocks: readonly T[], name: unknown): readonly (T | TextBlock)[] {
  if (typeof name !== 'string' || name === '') return blocks
  const [first, ...rest] = blocks
  return first?.type === 'text' ? [{ ...first, text: `${name}: ${first.text}` }, ...rest] : [{ type: 'text', text: `${name}: ` }, ...blocks]
}

/** Marks the first text as the start of a message of its own. */
function setApart<T extends Block> (blocks: readonly T[]): readonly T[] {
  const at = blocks.findIndex(block => block.type === 'text')
  return blocks.map((block, index) => index === at ? { ...block, apart: true } : block)
}
