// A whole Chat answer as parts.
import type { JsonObject } from '../../json.ts'
import type { Part } from '../part.ts'
import { createDecoder } from './decode-stream.ts'

/** @throws {GatewayError} for an answer that tells of a failure, and for what is no Chat answer */
export function decodeAnswer (answer: JsonObject): Part[] {
  return createDecoder().whole(answer)
}
