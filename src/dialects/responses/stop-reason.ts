// Maps stop reasons between Responses and the canonical form. `docs/spec/translation.md#finish`.
import type { JsonObject } from '../../json.ts'
import type { FinishReason } from '../contract/part.ts'
import { fields } from './wire.ts'

/** @param type the event that ended the stream */
export function readEnding (response: JsonObject, type: string, hasCall: boolean, hasRefusal: boolean): FinishReason {
  if (type === 'response.incomplete' || response['status'] === 'incomplete') {
    return fields(response['incomplete_details'])['reason'] === 'content_filter' ? 'filter' : 'length'
  }
  return hasCall ? 'tool' : hasRefusal ? 'refusal' : 'stop'
}

/** Null for an answer that is complete. */
export function incompleteReason (reason: FinishReason): 'max_output_tokens' | 'content_filter' | null {
  switch (reason) {
    case 'length':
    case 'context':
      return 'max_output_tokens'
    case 'filter':
      return 'content_filter'
    case 'stop':
    case 'stop_sequence':
    case 'tool':
    case 'refusal':
    case 'pause':
      return null
  }
}
