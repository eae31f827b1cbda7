// What the cases of Google's API share: contents, and what of a request reached upstream, in whatever dialect.
import type { Content, Part } from '@google/genai'
import type { Json } from '../../fixtures/http.ts'
import { messagesTools } from './fixtures.ts'
import type { Golden } from './frame.ts'
import { claude, codex, gpt } from './models.ts'

/** One model for each of Copilot's endpoints. */
export const each = [gpt, codex, claude] as const
export const user = (...parts: Part[]): Content => ({ role: 'user', parts })
export const model = (...parts: Part[]): Content => ({ role: 'model', parts })
export const call = (name: string, args: Json, id?: string): Part => ({ functionCall: { ...id && { id }, name, args } })
export const result = (name: string, response: Json, id?: string): Part => ({
  functionResponse: { ...id && { id }, name, response },
})
export const tools = [{
  functionDeclarations: messagesTools.map(({ name, input_schema: parametersJsonSchema }) => ({ name,
    parametersJsonSchema })
  ),
}]

/** The texts that upstream got with a role, joined. */
export function textsOf (g: Golden, role: string): string {
  const body = g.sent()
  const turns: Json[] = body.messages ?? body.input
  const texts = turns.filter(turn => turn.role === role).map(({ content }) =>
    typeof content === 'string' ? content : content.map((part: Json) => part.text ?? '').join('|')
  )
  return texts.join('|')
}

/** The instructions for the whole conversation. */
export function systemOf (g: Golden): string {
  const { system, instructions } = g.sent()
  const given = system ?? instructions
  if (given === undefined) return textsOf(g, 'system') + textsOf(g, 'developer')
  return typeof given === 'string' ? given : given.map((part: Json) => part.text).join('|')
}

/** The calls that upstream got: id, name, input. */
export function callsOf (g: Golden): Array<[string, string, unknown]> {
  const body = g.sent()
  const turns: Json[] = body.messages ?? body.input
  return turns.flatMap(
    turn => [
      ...(turn.tool_calls ?? []).map((
        { id, function: { name, arguments: json } }: Json,
      ) => [id, name, JSON.parse(json)]),
      ...(turn.type === 'function_call' ? [[turn.call_id, turn.name, JSON.parse(turn.arguments)]] : []),
      ...(Array.isArray(turn.content) ? turn.content : []).flatMap((part: Json) =>
        part.type === 'tool_use' ? [[part.id, part.name, part.input]] : []
      ),
    ]
  )
}

/** The results that upstream got: the call's id, and the text. */
export function resultsOf (g: Golden): Array<[string, string]> {
  const body = g.sent()
  const turns: Json[] = body.messages ?? body.input
  return turns.flatMap(
    turn => [...(turn.role === 'tool' ? [[turn.tool_call_id, flat(turn.content)]] : []),
      ...(turn.type === 'function_call_output' ? [[turn.call_id, flat(turn.output)]] : []),
      ...(Array.isArray(turn.content) ? turn.content : []).flatMap((part: Json) =>
        part.type === 'tool_result' ? [[part.tool_use_id, flat(part.content)]] : []
      )]
  ) as Array<[string, string]>
}

function flat (content: unknown): string {
  return typeof content === 'string' ? content : JSON.stringify(content)
}

export const textOf = ({ parts = [] }: Pick<Content, 'parts'>): string =>
  parts.map(part => part.thought === true ? '' : part.text ?? '').join('')
export const signed = ({ parts = [] }: Pick<Content, 'parts'>): Part[] =>
  parts.filter(part => part.thoughtSignature !== undefined)
