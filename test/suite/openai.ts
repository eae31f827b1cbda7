// OpenAI's own SDK, set up as its users do. Only retries are off, so that a case sees each answer.
import OpenAI from 'openai'
import type { User } from '../fixtures/targets.ts'

export function openAi (
  { base, password }: Pick<User, 'base' | 'password'>,
  more: Record<string, string> = {},
): OpenAI {
  return new OpenAI({ apiKey: password, baseURL: base, maxRetries: 0, timeout: 20_000, defaultHeaders: more })
}

export const says = (content: string) => [{ role: 'user' as const, content }]

const tool = (name: string, property: string) => ({
  type: 'function' as const,
  function: { name, description: `for ${name}`,
    parameters: { type: 'object', properties: { [property]: { type: 'string' } }, required: [property],
      additionalProperties: false } },
})
export const tools = [tool('get_weather', 'location'), tool('read_file', 'path')]

/** Makes the emulated model call both of them. */
export const twoCalls = 'call get_weather for "Rome" and read_file on "a/b.txt"'

/** Names and parsed arguments of the calls in the first choice. */
export function callsOf ({ choices }: Pick<OpenAI.ChatCompletion, 'choices'>): Array<[name: string, args: unknown]> {
  return (choices[0]?.message.tool_calls ?? []).flatMap(call =>
    call.type === 'function' ? [[call.function.name, JSON.parse(call.function.arguments)] as [string, unknown]] : []
  )
}

/**
 * One model like OpenAI's, whose calls each have an index, and one like Anthropic's, whose calls are all numbered 0.
 */
export const models = ['gpt-4o', 'claude-sonnet-4.5'] as const

export const png = `data:image/png;base64,${Buffer.from('not really a picture').toString('base64')}`
