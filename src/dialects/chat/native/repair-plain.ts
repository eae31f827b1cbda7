// The values in which chunks of one choice differ while there is nothing to repair but what the first of them needed.
import { isObject, type JsonObject } from '../../../json.ts'
import type { VaryingText, VaryingValue } from '../../contract/plain-event.ts'
import { integersIn, passedString, steady } from '../../shared/varying.ts'
import { hiddenField, reasoningFields } from '../wire-reasoning.ts'
import type { ToolCalls } from '../wire-calls.ts'
import { isFinishReason, type WireChoice } from '../wire.ts'

const path = 'choices.0'

/** Takes what the repair keeps of a choice's deltas. */
export interface Kept {
  readonly reasoning: (text: string) => void
  readonly input: (index: number, json: string) => void
}

/** @returns null for a choice that may change more than its values. Changes nothing. */
export function plainChoice (choice: WireChoice, calls: ToolCalls, kept: Kept): VaryingValue[] | null {
  const { delta } = choice
  if (!isObject(delta) || isFinishReason(choice.finish_reason) || (delta['reasoning_opaque'] ?? '') !== '') return null
  const input = plainCalls(delta['tool_calls'], calls, kept)
  if (input === null) return null
  return [...textIn(delta, 'content'), ...textIn(delta, 'refusal'), ...reasoningIn(delta, kept), ...input,
    ...isObject(choice['logprobs'])
      ? [{ kind: 'json', path: `${path}.logprobs`, sent: [`${path}.logprobs`] } as const]
      : [], ...steady(integersIn(choice['content_filter_offsets'], `${path}.content_filter_offsets`, true)),
    ...passedString(`${path}.delta.obfuscation`, delta['obfuscation'])]
}

function textIn (delta: JsonObject, field: string): VaryingText[] {
  const at = `${path}.delta.${field}`
  return typeof delta[field] === 'string' && delta[field] !== '' ? [{ kind: 'text', path: at, sent: [at] }] : []
}

function reasoningIn (delta: JsonObject, kept: Kept): VaryingText[] {
  const hidden = hiddenField(delta)
  return reasoningFields.flatMap(field =>
    textIn(delta, field).map(value => ({
      ...value,
      sent: field === hidden ? [...value.sent, `${path}.delta.reasoning_content`] : value.sent,
      ...field === 'reasoning_text' && { take (text: string) {
        kept.reasoning(text)
        return text
      } },
    }))
  )
}

function plainCalls (deltas: unknown, calls: ToolCalls, kept: Kept): VaryingText[] | null {
  if (!Array.isArray(deltas) || deltas.length === 0) return []
  const call = deltas.length === 1 ? calls.continued(deltas[0]) : null
  if (call === null) return null
  const at = `${path}.delta.tool_calls.0.${call.path}`
  return [{ kind: 'text', path: at, sent: [at], take (json) {
    call.noteInput()
    // Custom tools have free text, which nothing has to check.
    if (call.path === 'function.arguments') kept.input(call.index, json)
    return json
  } }]
}
