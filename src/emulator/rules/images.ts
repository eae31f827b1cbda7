// Images: their number, and their size in bytes and pixels.
import { fields, list, text } from '../json.ts'
import { blocksOf } from '../ask-messages.ts'
import { isClaude, isGemini } from './kinds.ts'
import { messagesOf } from './places.ts'
import { sizeOf } from '../image-size.ts'
import type { Rule, Seen } from './rule.ts'

/** A request with more images counts as a many-image request. */
const fewImages = 20
const manyImagePixels = 2000
const chatImageBytes = 1_300_000
const responsesBodyBytes = 5_000_000
const most = (seen: Seen): number => isClaude(seen.model) ? fewImages : 10
const bytesOf = ({ ask }: Seen): number[] => ask.images.map(({ bytes }) => bytes ?? 0)

export const imageRules: readonly Rule[] = [{ id: 'image-pixels', on: ['messages'], mark: 'live',
  source: 'vscode#297841', by: 'imagePixels', envelope: 'wrapped', models: isClaude, check: pixels }, {
  id: 'image-bytes-chat',
  on: ['chat'],
  mark: 'live',
  source: 'copilot-cli#965',
  by: 'imageBytes',
  envelope: 'too-large',
  check: seen => bytesOf(seen).some(bytes => bytes > chatImageBytes) ? 'Request Entity Too Large' : null,
}, { id: 'image-bytes-responses', on: ['responses'], mark: 'live', source: 'copilot-api#257', by: 'imageBytes',
  envelope: 'unparsed',
  check: ({ ask }) =>
    ask.images.length > 0 && ask.request.body.length > responsesBodyBytes ? 'failed to parse request' : null }, {
  id: 'image-size',
  on: ['chat', 'responses', 'messages'],
  mark: 'guess',
  source: 'docs/spec/copilot.md#model-fields',
  by: 'imageSize',
  envelope: 'wrapped',
  check: seen => {
    const largest = seen.model.capabilities.limits?.vision?.max_prompt_image_size ?? Infinity
    return bytesOf(seen).some(bytes => bytes > largest) ? `image exceeds the maximum size of ${largest} bytes` : null
  },
}, { id: 'image-count', on: ['chat', 'messages'], mark: 'guess', source: 'imageLimits.ts', by: 'imageCount',
  envelope: 'wrapped', models: model => isClaude(model) || isGemini(model),
  check: seen =>
    (seen.ask.dialect === 'messages' || isGemini(seen.model)) && seen.ask.images.length > most(seen)
      ? `too many images: ${seen.ask.images.length} > ${most(seen)}`
      : null }]

/** The images of the messages and of their results, with Anthropic's name for each place. */
function pixels (seen: Seen): string | null {
  if (seen.ask.images.length <= fewImages) return null
  for (const [turn, { content }] of messagesOf(seen).entries()) {
    for (const [index, block] of blocksOf(content).entries()) {
      for (const image of block.type === 'tool_result' ? list(block.content).map(fields) : [block]) {
        const source = fields(image.source)
        if (image.type !== 'image' || source.type !== 'base64') continue
        const size = sizeOf(text(source.data))
        if (size !== null && Math.max(size.width, size.height) > manyImagePixels) {
          return `messages.${turn}.content.${index}.image.source.base64.data: At least one of the image dimensions `
            + `exceed `
            + `max allowed size for many-image requests: ${manyImagePixels} pixels`
        }
      }
    }
  }
  return null
}
