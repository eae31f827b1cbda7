// Rules that an answer in any dialect must keep, by the names that cases use.
import { parse, type Json } from '../../fixtures/http.ts'
import type { Rules } from './assertions.ts'
import { valuesAt } from './paths.ts'

export const answerRules: Rules = {
  'no complete call' (answer) {
    const bad = [...ofMessages(answer), ...ofChat(answer), ...ofResponses(answer)].at(0)
    return bad === undefined ? null : JSON.stringify(bad)
  },
  'no null citations': answer =>
    valuesAt(answer, '[**].citations').some(value => value === null) ? 'citations is null' : null,
  'thinking does not come last' ({ content }) {
    const last = content.at(-1)
    return last?.type === 'thinking' || last?.type === 'redacted_thinking' ? JSON.stringify(last) : null
  },
}

function ofMessages ({ content, stop_reason: reason }: Json): Json[] {
  return reason === 'tool_use' ? content.filter((block: Json) => block.type === 'tool_use') : []
}

function ofChat ({ choices = [] }: Json): Json[] {
  return choices.filter((choice: Json) => choice.finish_reason === 'tool_calls').flatMap((choice: Json) =>
    choice.message.tool_calls ?? []
  ).filter((call: Json) => isWhole(call.function?.arguments))
}

function ofResponses ({ output = [] }: Json): Json[] {
  return output.filter((item: Json) =>
    item.type === 'function_call' && item.status === 'completed' && isWhole(item.arguments)
  )
}

function isWhole (text: unknown): boolean {
  return typeof text === 'string' && parse(text) !== undefined
}
