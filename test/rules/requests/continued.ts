// The next request of a conversation, as clients of each dialect build it from the last one and its answer.
import type { JsonObject } from '../../../src/json.ts'

export type Path = 'chat/completions' | 'responses' | 'messages'

const objects = (value: unknown): JsonObject[] => Array.isArray(value) ? value as JsonObject[] : []

/** With a result for each call of the answer, and more text from the user. */
export function continued (path: Path, body: JsonObject, answer: JsonObject): JsonObject {
  const further = 'And then?'
  switch (path) {
    case 'chat/completions': {
      const message = objects(answer['choices'])[0]?.['message'] as JsonObject
      const results = objects(message['tool_calls']).map(({ id }) => ({ role: 'tool', tool_call_id: id,
        content: 'done' })
      )
      return { ...body,
        messages: [...objects(body['messages']), message, ...results, { role: 'user', content: further }] }
    }
    case 'responses': {
      const output = objects(answer['output'])
      const results = output.filter(({ call_id: id }) => id !== undefined).map(({ type, call_id: id }) => ({
        type: `${String(type)}_output`,
        call_id: id,
        output: 'done',
      }))
      const before = typeof body['input'] === 'string'
        ? [{ role: 'user', content: body['input'] }]
        : objects(body['input'])
      return { ...body, input: [...before, ...output, ...results, { role: 'user', content: further }] }
    }
    case 'messages': {
      const content = objects(answer['content'])
      const results = content.filter(({ type }) => type === 'tool_use').map(({ id }) => ({ type: 'tool_result',
        tool_use_id: id, content: 'done' })
      )
      const before = objects(body['messages'])
      return { ...body,
        messages: [...before, ...content.length === 0 ? [] : [{ role: 'assistant', content }], { role: 'user',
          content: [...results, { type: 'text', text: further }] }] }
    }
  }
}
