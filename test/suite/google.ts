// Google's own SDK, set up as its users do.
import { GoogleGenAI, type GenerateContentResponse } from '@google/genai'
import type { User } from '../fixtures/targets.ts'

/** Where Google's clients look: below the user, without a version. */
export const googleBase = ({ base }: Pick<User, 'base'>): string => base.replace(/\/v1$/, '')

/** @param apiVersion the SDK's own default is `v1`; older ones and Gemini CLI ask below `v1beta` */
export function google (user: Pick<User, 'base' | 'password'>, apiVersion = 'v1beta'): GoogleGenAI {
  return new GoogleGenAI({ apiKey: user.password,
    httpOptions: { baseUrl: googleBase(user), apiVersion, timeout: 20_000 } })
}

/** One model for each of Copilot's endpoints, and one of Google's. */
export const models = ['gpt-5-mini', 'claude-sonnet-4.5', 'gpt-4o', 'gemini-2.5-pro'] as const

const declare = (name: string, property: string) => ({
  name,
  description: `for ${name}`,
  parametersJsonSchema: { type: 'object', properties: { [property]: { type: 'string' } }, required: [property] },
})
export const tools = [{ functionDeclarations: [declare('get_weather', 'location'), declare('read_file', 'path')] }]

export async function gather (
  stream: AsyncIterable<GenerateContentResponse>,
): Promise<{ chunks: GenerateContentResponse[], text: string, calls: Array<readonly [string, unknown]> }> {
  const chunks: GenerateContentResponse[] = []
  for await (const chunk of stream) chunks.push(chunk)
  const parts = chunks.flatMap(chunk => chunk.candidates?.[0]?.content?.parts ?? [])
  return {
    chunks,
    text: parts.filter(part => part.thought !== true).map(part => part.text ?? '').join(''),
    calls: parts.flatMap(({ functionCall }) =>
      functionCall === undefined ? [] : [[functionCall.name ?? '', functionCall.args] as const]
    ),
  }
}
