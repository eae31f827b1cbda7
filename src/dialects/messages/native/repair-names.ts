// Finds the names of called tools in a Messages answer or in an event.
import { isObject, type JsonObject } from '../../../json.ts'
import type { NameVisitor } from '../../contract/dialect.ts'
import { list } from '../wire.ts'

export function visitToolNames (event: JsonObject, visit: NameVisitor): void {
  const visitCall = (block: unknown): void => {
    if (isObject(block) && block['type'] === 'tool_use') visit(block)
  }
  visitCall(event['content_block'])
  list(event['content']).forEach(visitCall)
  if (isObject(event['message'])) list(event['message']['content']).forEach(visitCall)
}
