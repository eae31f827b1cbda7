// Finds the names of called tools in a Chat answer or in a chunk.
import { isObject, type JsonObject } from '../../../json.ts'
import type { NameVisitor } from '../../contract/dialect.ts'
import { choicesOf } from '../wire.ts'

export function visitToolNames (answer: JsonObject, visit: NameVisitor): void {
  for (const { delta, message } of choicesOf(answer)) {
    for (const spoken of [delta, message].filter(isObject)) {
      visit(spoken['function_call'])
      const calls: readonly unknown[] = Array.isArray(spoken['tool_calls']) ? spoken['tool_calls'] : []
      for (const call of calls.filter(isObject)) {
        visit(call['function'])
        visit(call['custom'])
      }
    }
  }
}
