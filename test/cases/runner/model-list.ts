// Copilot's list of models, with the fields that its real entries have.
import type { Json } from '../../fixtures/http.ts'
import type { ListedModel } from './case.ts'

export function modelList (models: readonly ListedModel[]): Json {
  return { object: 'list', data: models.map(entryOf) }
}

function entryOf ({ id, endpoints, supports, limits, vendor }: ListedModel): Json {
  return {
    id,
    name: id,
    object: 'model',
    version: id,
    vendor: vendor ?? vendorOf(id),
    preview: false,
    model_picker_enabled: true,
    is_chat_default: false,
    is_chat_fallback: false,
    policy: { state: 'enabled', terms: '' },
    ...endpoints !== undefined && { supported_endpoints: endpoints },
    capabilities: {
      family: id,
      type: 'chat',
      object: 'model_capabilities',
      tokenizer: 'o200k_base',
      limits: { max_context_window_tokens: 200_000, max_prompt_tokens: 128_000, max_output_tokens: 64_000, ...limits },
      supports: { streaming: true, tool_calls: true, parallel_tool_calls: true, vision: true, structured_outputs: true,
        ...supports },
    },
  }
}

function vendorOf (id: string): string {
  return id.startsWith('claude') ? 'Anthropic' : id.startsWith('gemini') ? 'Google' : 'Azure OpenAI'
}
