// POST /embeddings: the same text always gets the same vector, of length one.
import { createHash } from 'node:crypto'
import { fields, list, text } from './json.ts'
import { json, plain } from './reply.ts'
import { tokensOf } from './ask.ts'
import type { ModelEntry } from './model-entry.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest } from './types.ts'
import type { World } from './world.ts'

const fullDimensions = 1536

export function checkEmbeddings ({ strict }: World, request: RecordedRequest, model: ModelEntry): Reply | null {
  const { input, dimensions } = fields(request.json)
  const inputs = list(input)
  const good = inputs.length > 0 && inputs.length <= (model.capabilities.limits?.max_inputs ?? 256)
    && inputs.every(item => typeof item === 'string')
  const whole = dimensions === undefined
    || (Number.isInteger(dimensions) && Number(dimensions) > 0 && Number(dimensions) <= fullDimensions)
  return strict.embeddingsInput && !(good && whole) ? plain(400, 'Bad Request') : null
}

export function embed (request: RecordedRequest, model: ModelEntry): Reply {
  const { input, dimensions } = fields(request.json)
  const inputs = list(input).map(text)
  const length = typeof dimensions === 'number' ? dimensions : fullDimensions
  const tokens = inputs.reduce((sum, item) => sum + Math.max(1, tokensOf(item.length)), 0)
  return json(200, {
    data: inputs.map((item, index) => ({ embedding: vectorOf(item, length), index, object: 'embedding' })),
    model: model.id,
    object: 'list',
    usage: { prompt_tokens: tokens, total_tokens: tokens },
  })
}

function vectorOf (item: string, length: number): number[] {
  const raw: number[] = []
  for (let block = 0; raw.length < length; block++) {
    for (const byte of createHash('sha256').update(`${block}:${item}`).digest()) raw.push(byte / 127.5 - 1)
  }
  const values = raw.slice(0, length)
  const norm = Math.hypot(...values)
  return values.map(value => Number((value / norm).toFixed(8)))
}
