// What a conversation leaves out of earlier reasoning.
import { isObject, list, text, type JsonObject } from '../../../json.ts'
import type { ReasoningReferences } from '../../contract/memory.ts'

/** The first call of each turn that has no block of thinking. */
export function thinkingInMessages ({ messages }: JsonObject): ReasoningReferences {
  const calls = list(messages).map(message => isObject(message) ? statelessCall(message) : '')
  return { calls: calls.filter(id => id !== ''), states: [] }
}

function statelessCall ({ role, content }: JsonObject): string {
  if (role !== 'assistant') return ''
  const blocks = list(content).filter(isObject)
  if (blocks.some(({ type }) => type === 'thinking' || type === 'redacted_thinking')) return ''
  return text(blocks.find(({ type }) => type === 'tool_use')?.['id'])
}
