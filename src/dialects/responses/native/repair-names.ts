// Finds the names of tools in a Responses answer or in an event: both contain calls, and repeat the offered tools.
import type { JsonObject } from '../../../json.ts'
import type { NameVisitor } from '../../contract/dialect.ts'
import { fields, list, text } from '../wire.ts'
import { isCall } from './repair-item.ts'

export function visitToolNames (event: JsonObject, visit: NameVisitor): void {
  const visitCall = (item: unknown): void => {
    if (isCall(text(fields(item)['type']))) visit(item)
  }
  visitCall(event['item'])
  if (event['type'] === 'response.function_call_arguments.done') visit(event)
  for (const answer of [event, fields(event['response'])]) {
    list(answer['output']).forEach(visitCall)
    list(answer['tools']).forEach(visit)
    visit(answer['tool_choice'])
    list(fields(answer['tool_choice'])['tools']).forEach(visit)
  }
}
