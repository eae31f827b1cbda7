// Decodes a whole Chat answer into parts.
import type { JsonObject } from '../../../json.ts'
import type { Part } from '../../contract/part.ts'
import { createDecoder } from './decode-stream.ts'

/** @throws {GatewayError} for an answer that reports a failure, and for anything that is no Chat answer */
export function decodeAnswer (answer: JsonObject): Part[] {
  return createDecoder().whole(answer)
}
