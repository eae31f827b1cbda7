// Finds the parts of a request in each dialect: tools and their schemas, tool calls and their results.
import { blocksOf } from '../ask-messages.ts'
import { fields, list, text } from '../json.ts'
import { readItems } from '../ask-responses.ts'
import type { Seen } from './rule.ts'
import type { Fields } from '../json.ts'

export interface SentTool {
  readonly tool: Fields
  readonly index: number
  readonly name: string
  readonly schema: unknown
}

/** Tools that the client defines: they have a name, in the form of their dialect. */
export function toolsOf ({ ask, body }: Seen): SentTool[] {
  return list(body.tools).map(fields).map((tool, index) => {
    const inner = ask.dialect === 'chat' ? fields(tool.function ?? tool.custom) : tool
    return { tool, index, name: text(inner.name),
      schema: ask.dialect === 'messages' ? inner.input_schema : inner.parameters }
  }).filter(({ tool, schema }) =>
    ask.dialect === 'chat'
    || (ask.dialect === 'responses' ? ['function', 'custom'].includes(text(tool.type)) : schema !== undefined)
  )
}

export function messagesOf ({ body }: Seen): Fields[] {
  return list(body.messages).map(fields)
}

export function itemsOf ({ body }: Seen): Fields[] {
  return readItems(body.input)
}

/** A block of the messages dialect and its path. */
export interface PlacedBlock {
  readonly block: Fields
  readonly role: string
  readonly turn: number
  readonly index: number
}

export function placedBlocks (seen: Seen): PlacedBlock[] {
  return messagesOf(seen).flatMap(({ content, role }, turn) =>
    blocksOf(content).map((block, index) => ({ block, role: text(role), turn, index }))
  )
}

/** The calls of one chat message. */
export function callsOf (message: Fields): Fields[] {
  return list(message.tool_calls).map(fields)
}
