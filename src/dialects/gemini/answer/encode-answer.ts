// Encodes a whole answer: the parts that its stream would add up to.
import type { EncodeOptions } from '../../contract/dialect.ts'
import type { Answer } from '../../contract/part.ts'
import type { GeminiAnswer } from '../wire.ts'
import { createPartWriter } from './encode-parts.ts'
import { toResponseId, writeResponse } from './encode-response.ts'

export function encodeAnswer (answer: Answer, options: EncodeOptions): GeminiAnswer {
  const { blocks, finish, usage, explanation } = answer
  const writer = createPartWriter(options)
  const parts = blocks.flatMap(block => writer.write(block))
  const { parts: last, ...ending } = writer.end(finish, explanation)
  const isNeeded = parts.length === 0 || last.some(part => part.text !== '' || part.thoughtSignature !== undefined)
  return writeResponse(toResponseId(answer.id, options.newId), options, isNeeded ? [...parts, ...last] : parts, {
    ...ending,
    reason: finish,
    explanation,
    usage,
  })
}
