// The same tasks in each dialect through the vendor's SDK, and the same few facts read from its answer.
import type { Json } from '../fixtures/http.ts'
import { choiceOf, type Clients } from '../golden/helpers/clients.ts'
import { chatTools, messagesTools, png, pngUrl, responsesTools } from '../golden/helpers/fixtures.ts'

export interface Wishes {
  readonly tools: boolean
  readonly image: boolean
  readonly schema: boolean
  readonly reasoning: boolean
}
export interface Answer {
  readonly text: string
  readonly calls: unknown[]
  /** Ended with the reason that fits the answer. */
  readonly ended: boolean
  /** Reasoning state came with it. */
  readonly state: boolean
  /** The form in which it goes back in the next request. */
  readonly turn: Json
  readonly wishes: Wishes
}
export interface Speaker {
  readonly ask: (model: string, prompt: string, wishes: Wishes) => Promise<Answer>
  /** Continues with the result of the first call. */
  readonly answer: (model: string, prompt: string, first: Answer, result: string) => Promise<Answer>
}
export type DialectName = 'chat' | 'responses' | 'messages' | 'gemini'

const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'],
  additionalProperties: false }

export const dialects: Readonly<Record<DialectName, (clients: Clients) => Speaker>> = {
  chat (clients) {
    const send = async (model: string, messages: Json[], wishes: Wishes): Promise<Answer> => {
      const { text, calls, finish, message: { parsed: _parsed, ...turn } } = choiceOf(await clients.chat({
        model,
        messages,
        ...(wishes.tools ? { tools: chatTools } : {}),
        ...(wishes.reasoning ? { reasoning_effort: 'low' } : {}),
        ...(wishes.schema
          ? { response_format: { type: 'json_schema', json_schema: { name: 'place', schema, strict: true } } }
          : {}),
      }))
      return { text: text ?? '', calls, ended: finish === (calls.length > 0 ? 'tool_calls' : 'stop'),
        state: typeof turn.reasoning_opaque === 'string', turn, wishes }
    }
    const user = (prompt: string, { image }: Wishes) => ({ role: 'user',
      content: image ? [{ type: 'text', text: prompt }, { type: 'image_url', image_url: { url: pngUrl } }] : prompt })
    return {
      ask: (model, prompt, wishes) => send(model, [user(prompt, wishes)], wishes),
      answer: (model, prompt, { turn, wishes }, content) =>
        send(model, [user(prompt, wishes), turn, { role: 'tool', tool_call_id: turn.tool_calls[0].id, content }],
          wishes),
    }
  },
  responses (clients) {
    const send = async (model: string, input: Json[], wishes: Wishes): Promise<Answer> => {
      const { output, output_text: text, status } = await clients.responses({
        model,
        input,
        store: false,
        ...(wishes.tools ? { tools: responsesTools } : {}),
        ...(wishes.reasoning
          ? { include: ['reasoning.encrypted_content'], reasoning: { effort: 'low', summary: 'auto' } }
          : {}),
        ...(wishes.schema ? { text: { format: { type: 'json_schema', name: 'place', schema, strict: true } } } : {}),
      })
      const turn = output.map((item: Json) => {
        const { parsed_arguments: _parsed, ...rest } = item
        return rest
      })
      const calls = turn.filter(item => item.type === 'function_call').map(
        item => [item.name, JSON.parse(item.arguments)]
      )
      return { text, calls, ended: status === 'completed',
        state: turn.some(item => typeof item.encrypted_content === 'string'), turn, wishes }
    }
    const user = (prompt: string, { image }: Wishes) => ({ role: 'user',
      content: [{ type: 'input_text', text: prompt },
        ...(image ? [{ type: 'input_image', image_url: pngUrl, detail: 'auto' }] : [])] })
    return {
      ask: (model, prompt, wishes) => send(model, [user(prompt, wishes)], wishes),
      answer: (model, prompt, { turn, wishes }, output) =>
        send(model, [user(prompt, wishes), ...turn, { type: 'function_call_output', call_id: turn.find((item: Json) =>
          item.type === 'function_call'
        ).call_id, output }], wishes),
    }
  },
  messages (clients) {
    const send = async (model: string, messages: Json[], wishes: Wishes): Promise<Answer> => {
      const { content, stop_reason: reason } = await clients.messages({
        model,
        messages,
        max_tokens: 4_000,
        ...(wishes.tools ? { tools: messagesTools } : {}),
        ...(wishes.reasoning ? { thinking: { type: 'enabled', budget_tokens: 2_000 } } : {}),
        ...(wishes.schema ? { output_config: { format: { type: 'json_schema', schema } } } : {}),
      })
      const calls = content.flatMap(block => block.type === 'tool_use' ? [[block.name, block.input]] : [])
      const text = content.map(block => block.type === 'text' ? block.text : '').join('')
      const state = content.some(block =>
        (block.type === 'thinking' && block.signature !== '') || block.type === 'redacted_thinking'
      )
      return { text, calls, ended: reason === (calls.length > 0 ? 'tool_use' : 'end_turn'), state, turn: content,
        wishes }
    }
    const user = (prompt: string, { image }: Wishes) => ({ role: 'user',
      content: [...(image ? [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: png } }] : []), {
        type: 'text',
        text: prompt,
      }] })
    return {
      ask: (model, prompt, wishes) => send(model, [user(prompt, wishes)], wishes),
      answer: (model, prompt, { turn, wishes }, content) =>
        send(model, [user(prompt, wishes), { role: 'assistant', content: turn }, { role: 'user',
          content: [{ type: 'tool_result', tool_use_id: turn.find((block: Json) => block.type === 'tool_use').id,
            content }] }], wishes),
    }
  },
  gemini (clients) {
    const send = async (model: string, contents: Json[], wishes: Wishes): Promise<Answer> => {
      const { finish, ...turn } = await clients.gemini({ model, contents, config: {
        ...(wishes.tools ? { tools: geminiTools } : {}),
        ...(wishes.reasoning ? { thinkingConfig: { includeThoughts: true, thinkingBudget: 2_000 } } : {}),
        ...(wishes.schema ? { responseMimeType: 'application/json', responseJsonSchema: schema } : {}),
      } })
      const parts = turn.parts ?? []
      return { text: parts.map(part => part.thought === true ? '' : part.text ?? '').join(''), ended: finish === 'STOP',
        calls: parts.flatMap(({ functionCall: call }) => call === undefined ? [] : [[call.name, call.args]]),
        state: parts.some(part => part.thoughtSignature !== undefined), turn, wishes }
    }
    const user = (prompt: string, { image }: Wishes) => ({ role: 'user',
      parts: [...(image ? [{ inlineData: { mimeType: 'image/png', data: png } }] : []), { text: prompt }] })
    return {
      ask: (model, prompt, wishes) => send(model, [user(prompt, wishes)], wishes),
      answer (model, prompt, { turn, wishes }, output) {
        const { id, name } = turn.parts.find((part: Json) => part.functionCall !== undefined).functionCall
        const functionResponse = { id, name, response: { output } }
        return send(model, [user(prompt, wishes), turn, { role: 'user', parts: [{ functionResponse }] }], wishes)
      },
    }
  },
}

const geminiTools = [{
  functionDeclarations: messagesTools.map(({ name, input_schema: parametersJsonSchema }: Json) => ({
    name,
    parametersJsonSchema,
  })),
}]
