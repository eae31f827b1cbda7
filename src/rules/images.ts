// Images: their number and types. An image over a limit becomes a line of text, the oldest first. In the current turn
// the client gets an error instead, because its question is about these images.
import { isObject, type JsonObject } from '../json.ts'
import { limitOf } from '../model-entry.ts'
import { list, text, rememberLong } from './fields.ts'
import { isClaude, isGemini } from './model-facts.ts'
import type { Endpoint, Rule, RuleContext } from './rule.ts'

const taken = /^image\/(?:jpeg|png|gif|webp)$/
const note = '[An earlier image was left out.]'

interface Wire {
  readonly field: 'messages' | 'input'
  readonly types: readonly string[]
  readonly text: string
}
const wires: Readonly<Record<Endpoint, Wire>> = {
  '/chat/completions': { field: 'messages', types: ['image_url'], text: 'text' },
  '/responses': { field: 'input', types: ['input_image'], text: 'input_text' },
  '/v1/messages': { field: 'messages', types: ['image'], text: 'text' },
}

/** The lists of parts in an item: its content, a result's content, an output. */
function mapParts (item: JsonObject, fit: (part: JsonObject) => JsonObject): JsonObject {
  let fitted = item
  for (const field of ['content', 'output']) {
    const parts = fitted[field]
    if (!Array.isArray(parts)) continue
    let changed = false
    const next = parts.map((part: unknown) => {
      if (!isObject(part)) return part
      const inner = part['type'] === 'tool_result' ? mapParts(part, fit) : fit(part)
      changed ||= inner !== part
      return inner
    })
    if (changed) fitted = { ...fitted, [field]: next }
  }
  return fitted
}

/** Several rules ask, and most requests have no images. */
const hasImages = rememberLong((items, types: readonly string[]) => {
  const isImage = (part: unknown): boolean =>
    isObject(part)
    && (types.includes(part['type'] as string) || (part['type'] === 'tool_result' && anyPart(part['content'])))
  const anyPart = (parts: unknown): boolean => Array.isArray(parts) && parts.some(isImage)
  return items.some(item => isObject(item) && (anyPart(item['content']) || anyPart(item['output'])))
})

function mapImages (
  body: JsonObject,
  { field, types }: Wire,
  fit: (image: JsonObject, at: number) => JsonObject,
): JsonObject {
  const items = list(body[field])
  if (!hasImages(items, types)) return body
  let changed = false
  const next = items.map((item, at) => {
    const fitted = isObject(item)
      ? mapParts(item, part => types.includes(text(part['type'])) ? fit(part, at) : part)
      : item
    changed ||= fitted !== item
    return fitted
  })
  return changed ? { ...body, [field]: next } : body
}

/** The start of the current turn: after the model's last answer. */
function currentFrom (body: JsonObject, { field }: Wire): number {
  return list(body[field]).findLastIndex(item =>
    isObject(item) && (item['role'] === 'assistant' || text(item['type']).endsWith('_call'))
  ) + 1
}

/** @param limit the number of images that may stay; the oldest ones of the history go first */
function limitImages (body: JsonObject, wire: Wire, limit: number, { lose, refuse }: RuleContext): JsonObject {
  const from = currentFrom(body, wire)
  let all = 0
  let current = 0
  mapImages(body, wire, (image, at) => {
    all++
    if (at >= from) current++
    return image
  })
  if (all <= limit) return body
  if (current > limit) refuse(wire.field, `${current} images in one turn (at most ${limit})`)
  lose('images')
  let gone = all - limit
  return mapImages(body, wire, (image, at) => at >= from || gone-- <= 0 ? image : { type: wire.text, text: note })
}

/** The size in bytes of base64 without padding. */
const sizeOf = (image: JsonObject): number => {
  const source = isObject(image['source'])
    ? text(image['source']['data'])
    : text(image['image_url']) || text(isObject(image['image_url']) ? image['image_url']['url'] : '')
  return source.startsWith('http') ? 0 : Math.floor((source.length - Math.max(0, source.indexOf(',') + 1)) * 3 / 4)
}
const typeOf = (image: JsonObject): string | null => {
  const { source } = image
  if (isObject(source)) return source['type'] === 'base64' ? text(source['media_type']) : null
  const url = text(image['image_url']) || text(isObject(image['image_url']) ? image['image_url']['url'] : '')
  return /^data:([^;,]*)/i.exec(url)?.[1]?.toLowerCase() ?? null
}

function maxBytesOf ({ target: { entry } }: RuleContext): number {
  const limits = entry?.capabilities.limits
  const vision = isObject(limits) ? limits['vision'] : undefined
  const size = isObject(vision)
    ? vision['max_prompt_image_size']
    : entry === undefined || entry === null
    ? undefined
    : limitOf(entry, 'max_prompt_image_size')
  return typeof size === 'number' && size > 0 ? size : Infinity
}

export function imageRules (endpoint: Endpoint, prefix: string): readonly Rule[] {
  const wire = wires[endpoint]
  const count = (id: string, models: string, most: number, applies: Rule['applies']): Rule => ({
    id,
    what: `At most ${most} images: the oldest of the history become text; more in one turn are refused.`,
    models,
    applies,
    fix: 'rewrite',
    loses: 'yes',
    when: 'always',
    source: { mark: 'read', reference: 'microsoft/vscode: chatEndpoint.ts, imageLimits.ts' },
    apply: (body, context) => limitImages(body, wire, most, context),
  })
  return [{
    id: `${prefix}-image-types`,
    what: 'An image by value is jpeg, png, gif or webp; others are refused.',
    models: 'all',
    applies: () => true,
    fix: 'refuse',
    loses: 'yes',
    when: 'always',
    source: { mark: 'read', reference: 'microsoft/vscode: messagesApi.ts' },
    apply: (body, { refuse }) =>
      mapImages(body, wire, image => {
        const type = typeOf(image)
        if (type !== null && !taken.test(type)) refuse(wire.field, `An image of type ${type.slice(0, 64) || 'unknown'}`)
        return image
      }),
  }, ...(endpoint === '/v1/messages' ? [count(`${prefix}-image-count`, 'Claude', 20, isClaude)] : []),
    ...(endpoint === '/chat/completions' ? [count(`${prefix}-image-count`, 'Gemini', 10, isGemini)] : []), {
    id: `${prefix}-image-bytes`,
    what: 'An image of the history that is larger than the entry allows becomes text.',
    models: 'entries with `max_prompt_image_size`',
    applies: () => true,
    fix: 'rewrite',
    loses: 'yes',
    when: 'always',
    source: { mark: 'live', reference: 'caozhiyuan/copilot-api#257, github/copilot-cli#965' },
    apply (body, context) {
      const most = maxBytesOf(context)
      if (most === Infinity) return body
      const from = currentFrom(body, wire)
      return mapImages(body, wire, (image, at) => {
        if (at >= from || sizeOf(image) <= most) return image
        context.lose('images')
        return { type: wire.text, text: note }
      })
    },
  }, {
    id: `${prefix}-image-pixels`,
    what: 'After a refusal for their size, the images of the history become text.',
    models: 'all',
    applies: () => false,
    fix: 'rewrite',
    loses: 'yes',
    when: 'learned',
    source: { mark: 'live', reference: 'microsoft/vscode#297841' },
    answers: [/image dimensions exceed max allowed size/],
    apply (body, { lose }) {
      const from = currentFrom(body, wire)
      return mapImages(body, wire, (image, at) => {
        if (at >= from) return image
        lose('images')
        return { type: wire.text, text: note }
      })
    },
  }]
}
