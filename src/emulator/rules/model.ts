// Checks of every endpoint before a model answers: streaming, images, the length of the prompt.
import { tokensOf } from '../ask.ts'
import { everywhere } from './rule.ts'
import type { Rule, Seen } from './rule.ts'

const imageType = /^image\/(?:jpeg|png|gif|webp)$/

export const modelRules: readonly Rule[] = [{ id: 'stream-unlisted', on: everywhere, mark: 'guess',
  source: 'docs/spec/copilot.md#model-fields', by: 'modelStreaming', envelope: 'wrapped',
  models: ({ capabilities: { supports } }) => supports.streaming !== true,
  check: ({ ask }) => ask.stream ? "Unsupported value: 'stream' does not support true with this model." : null }, {
  id: 'vision-header',
  on: everywhere,
  mark: 'live',
  source: 'docs/spec/copilot.md#error-bodies',
  by: 'vision',
  envelope: { code: '' },
  check: ({ ask }) =>
    ask.images.length > 0 && ask.request.headers['copilot-vision-request'] !== 'true'
      ? 'missing required Copilot-Vision-Request header for vision requests'
      : null,
}, { id: 'image-type', on: everywhere, mark: 'live', source: 'docs/spec/copilot.md#error-bodies', by: 'imageTypes',
  envelope: { code: '' },
  check: ({ ask }) =>
    ask.images.some(({ mediaType }) =>
        !imageType.test(mediaType) && !(ask.dialect === 'messages' && mediaType === 'link')
      )
      ? 'image media type not supported'
      : null }, { id: 'prompt-length', on: ['chat', 'responses'], mark: 'live',
  source: 'docs/spec/copilot.md#error-bodies', by: 'promptTokens',
  envelope: { code: 'model_max_prompt_tokens_exceeded' }, check: promptLength }, { id: 'prompt-length-messages',
  on: ['messages'], mark: 'live', source: 'docs/spec/copilot.md#messages-errors', by: 'promptTokens', envelope: 'flat',
  check: seen => overPrompt(seen, (tokens, most) => `prompt is too long: ${tokens} tokens > ${most} maximum`) }]

function promptLength (seen: Seen): string | null {
  return overPrompt(seen, (tokens, most) => `prompt token count of ${tokens} exceeds the limit of ${most}`)
}

function overPrompt ({ ask, model }: Seen, words: (tokens: number, most: number) => string): string | null {
  const tokens = tokensOf(ask.promptChars)
  const most = model.capabilities.limits?.max_prompt_tokens ?? Infinity
  return tokens > most ? words(tokens, most) : null
}
