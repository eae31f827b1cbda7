// Copilot's models in the form of Google's list. `docs/spec/gemini.md#models-counts-embeddings`.
import type { Model as GoogleModel } from '@google/genai'
import { endpointsOf, limitOf, supports, type KnownModels, type Model } from '../../model-entry.ts'

/** Google's SDKs read `supportedGenerationMethods` under another name. */
type Entry = Pick<GoogleModel, 'name' | 'displayName' | 'inputTokenLimit' | 'outputTokenLimit' | 'thinking'> & {
  supportedGenerationMethods: string[],
}

const mostModels = 1_000

export const noModels = (): string => '{"models":[]}'

/** A page of the list: clients follow `nextPageToken`. */
export function writeModels ({ models }: KnownModels, query: URLSearchParams): string {
  const from = Math.trunc(Number(query.get('pageToken') ?? 0)) || 0
  const size = Math.trunc(Number(query.get('pageSize') ?? mostModels))
  const end = Math.max(0, from) + (size > 0 ? Math.min(size, mostModels) : mostModels)
  return JSON.stringify({ models: models.slice(Math.max(0, from), end).map(writeModel),
    ...(end < models.length ? { nextPageToken: String(end) } : {}) })
}

export function writeModel (model: Model): Entry {
  const name = model['name']
  const input = limitOf(model, 'max_prompt_tokens') ?? limitOf(model, 'max_context_window_tokens')
  const output = limitOf(model, 'max_output_tokens')
  return {
    name: `models/${model.id}`,
    displayName: typeof name === 'string' && name !== '' ? name : model.id,
    ...(input === null ? {} : { inputTokenLimit: input }),
    ...(output === null ? {} : { outputTokenLimit: output }),
    supportedGenerationMethods: methodsOf(model),
    thinking: supports(model, 'adaptive_thinking') || supports(model, 'thinking'),
  }
}

function methodsOf (model: Model): string[] {
  const paths = endpointsOf(model)
  if (paths.includes('/embeddings')) return ['embedContent', 'batchEmbedContents']
  return paths.length === 0 ? [] : ['generateContent', 'streamGenerateContent', 'countTokens']
}
