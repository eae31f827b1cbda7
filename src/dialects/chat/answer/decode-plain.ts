// Chunks that become one delta of a block that is open.
import { isObject, type JsonObject } from '../../../json.ts'
import type { DeltaType, PlainDelta, VaryingValue } from '../../contract/plain-event.ts'
import { droppedString, integersIn, steady } from '../../shared/varying.ts'
import { varyingUsage, type UsageMeter } from '../usage.ts'
import { reasoningFields, reasoningOf } from '../wire-reasoning.ts'
import { isFinishReason, onlyChoiceOf, textOf, type WireAnswer, type WireChoice } from '../wire.ts'
import type { CallBlocks } from './decode-calls.ts'

/** The state of the decoder that decides. */
export interface DecoderState {
  /** The open block, if it is no call. */
  readonly open:
    | { readonly type: 'text' | 'reasoning' | 'refusal', readonly block: number }
    | null
  /** Whether a call would first end a block with the state of the reasoning before it. */
  readonly owesState: boolean
  readonly hasBegun: (choice: number) => boolean
  readonly calls: CallBlocks
  readonly meter: UsageMeter
  readonly takeText: (text: string) => void
  /** Takes reasoning that came under Copilot's own name. */
  readonly takeOwn: (text: string) => void
}

type Found = Pick<PlainDelta, 'type' | 'block' | 'path' | 'take'>

export function plainChunk (chunk: WireAnswer, state: DecoderState): PlainDelta | null {
  const choice = onlyChoiceOf(chunk)
  if (choice === null) return null
  const { delta } = choice
  const key = Number.isInteger(choice.index) ? choice.index as number : 0
  if (!isObject(delta) || !state.hasBegun(key) || hasMore(choice, delta)) return null
  const found = findDelta(delta, key, state)
  if (found === null) return null
  const usage = varyingUsage(chunk, state.meter, false)
  return { ...found, path: `choices.0.delta.${found.path}`, seen: usage.seen,
    values: [...valuesOf(chunk, choice, delta, found.path), ...usage.values] }
}

/** Whether a choice has anything that counts next to its text. */
function hasMore (choice: WireChoice, delta: JsonObject): boolean {
  const logprobs = isObject(choice['logprobs']) ? choice['logprobs']['content'] : null
  return isFinishReason(choice.finish_reason) || (delta['reasoning_opaque'] ?? '') !== ''
    || isObject(delta['function_call']) || Array.isArray(delta['annotations']) || Array.isArray(logprobs)
}

function findDelta (
  delta: JsonObject,
  key: number,
  { open, owesState, calls, takeText, takeOwn }: DecoderState,
): Found | null {
  const toolCalls = Array.isArray(delta['tool_calls']) ? delta['tool_calls'] as unknown[] : []
  const texts = [['reasoning', reasoningOf(delta)], ['text', textOf(delta['content'])], ['refusal',
    typeof delta['refusal'] === 'string' ? delta['refusal'] : '']].filter(([, text]) => text !== '')
  const [type] = texts[0] ?? []
  if (texts.length + toolCalls.length !== 1) return null
  if (type === undefined) {
    const call = open === null && !owesState ? calls.continued(key, toolCalls[0]) : null
    return call && { ...call, type: 'tool-call-delta', path: `tool_calls.0.${call.path}` }
  }
  const path = type === 'reasoning'
    ? reasoningFields.find(name => delta[name] !== '' && typeof delta[name] === 'string')
    : type === 'text'
    ? 'content'
    : type
  if (open?.type !== type || path === undefined || typeof delta[path] !== 'string') return null
  return { type: `${type}-delta` as DeltaType, block: open.block, path,
    take: type === 'text' ? takeText : path === 'reasoning_text' ? takeOwn : () => {} }
}

/** The values that differ next to the text. The client gets none of them. */
function valuesOf (chunk: WireAnswer, choice: WireChoice, delta: JsonObject, textField: string): VaryingValue[] {
  return [...steady(droppedString('id', chunk.id)), ...droppedString('obfuscation', chunk['obfuscation']),
    ...steady(integersIn(choice['content_filter_offsets'], 'choices.0.content_filter_offsets', false)),
    ...droppedString('choices.0.delta.obfuscation', delta['obfuscation']),
    ...reasoningFields.filter(field => field !== textField && delta[field] !== '').flatMap(field =>
      droppedString(`choices.0.delta.${field}`, delta[field])
    )]
}
