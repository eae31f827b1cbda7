// Decodes a whole Responses answer into parts: reads it as the last event of a stream.
import type { JsonObject } from '../../../json.ts'
import type { Part } from '../../contract/part.ts'
import { refuseFailure } from '../errors.ts'
import { createReader } from './decode-stream.ts'

/** @throws {GatewayError} for a failed answer, and for anything that is no answer */
export function decodeAnswer (answer: JsonObject): Part[] {
  refuseFailure(answer)
  return createReader().read({ type: 'response.completed', response: answer })
}
