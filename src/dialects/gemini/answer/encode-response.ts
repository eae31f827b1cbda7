// The object that is a whole answer and also each event of a stream. `docs/spec/gemini.md#answer`.
import type { EncodeOptions } from '../../contract/dialect.ts'
import type { Answer, FinishReason, Usage } from '../../contract/part.ts'
import { repairObject } from '../../shared/json-guard.ts'
import type { JsonObject } from '../../../json.ts'
import { writeFinish } from '../stop-reason.ts'
import { writeUsage } from '../usage.ts'
import type { GeminiAnswer, GeminiCandidate, GeminiPart } from '../wire.ts'
import type { Grounding } from './encode-grounding.ts'

/** What only the last event has. */
export interface LastEvent {
  readonly reason: FinishReason
  readonly explanation: string | null
  readonly usage: Usage | null
  readonly isMalformed: boolean
  readonly grounding: Grounding | null
  readonly logprobs: readonly JsonObject[]
}

export function writeResponse (
  id: string,
  { model }: Pick<EncodeOptions, 'model'>,
  parts: GeminiPart[],
  ending: LastEvent | null = null,
): GeminiAnswer {
  return {
    candidates: [{ index: 0, content: { role: 'model', parts }, ...ending === null ? null : writeEnding(ending) }],
    ...(ending === null || ending.usage === null ? {} : { usageMetadata: writeUsage(ending.usage) }),
    modelVersion: model,
    responseId: id,
  }
}

type EndingFields = Pick<GeminiCandidate, 'finishReason' | 'finishMessage' | 'groundingMetadata' | 'logprobsResult'>

function writeEnding ({ reason, explanation, isMalformed, grounding, logprobs }: LastEvent): EndingFields {
  const fields: EndingFields = { finishReason: writeFinish(reason, isMalformed) }
  if (fields.finishReason === 'SAFETY' && explanation !== null) fields.finishMessage = explanation
  if (grounding !== null) fields.groundingMetadata = grounding
  if (logprobs.length > 0) fields.logprobsResult = writeLogprobs(logprobs)
  return fields
}

/** @param entries OpenAI's */
function writeLogprobs (entries: readonly JsonObject[]): NonNullable<GeminiCandidate['logprobsResult']> {
  const write = ({ token, logprob }: JsonObject): JsonObject => ({ token, logProbability: logprob })
  return {
    chosenCandidates: entries.map(write),
    topCandidates: entries.map(entry => ({
      candidates: (Array.isArray(entry['top_logprobs']) ? entry['top_logprobs'] as JsonObject[] : []).map(write),
    })),
  }
}

export function toResponseId (id: string, newId: () => string): string {
  return id === '' ? newId() : id.slice(0, 256)
}

type Call = Pick<Extract<Answer['blocks'][number], { type: 'tool-call' }>, 'callId' | 'name' | 'input'>

/** Null if the arguments are no JSON object: the API has no other form. */
export function writeCall ({ callId, name, input }: Call, newId: () => string): GeminiPart | null {
  const json = input.trim() === '' || input.trim() === 'null' ? '{}' : repairObject(input)
  return json === null
    ? null
    : { functionCall: { id: callId === '' ? `call_${newId()}` : callId, name, args: JSON.parse(json) as JsonObject } }
}
