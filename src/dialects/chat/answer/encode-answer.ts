// Encodes a whole answer for a Chat client. `docs/spec/translation.md#chat-answer`, `docs/spec/translation.md#finish`.
import type { EncodeOptions } from '../../contract/dialect.ts'
import type { Answer, AnswerBlock } from '../../contract/part.ts'
import { createJoiner, joinApart } from '../../shared/text.ts'
import { writeFinish } from '../stop-reason.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import { writeUsage } from '../usage.ts'
import type { ChatAnswer, ChatAnswerMessage, ChatLogprobs } from '../wire.ts'
import { isLegacy, joinCarriers, toAnnotation, toAnswerId, toCreated } from './encode-shared.ts'

type Call = Extract<AnswerBlock, { type: 'tool-call' }>

export function encodeAnswer (answer: Answer, options: EncodeOptions): ChatAnswer {
  const { blocks, finish, usage } = answer
  const calls = blocks.filter(block => block.type === 'tool-call')
  return omitUndefined<ChatAnswer>({
    id: toAnswerId(answer.id, options.newId),
    object: 'chat.completion',
    created: toCreated(answer.created, options.now),
    model: options.model,
    choices: [{
      index: 0,
      message: encodeMessage(answer, calls, options),
      logprobs: options.prompt.topLogprobs === null ? null : logprobsOf(blocks),
      finish_reason: writeFinish(finish, calls.length > 0, isLegacy(options)),
    }],
    usage: usage === null ? undefined : writeUsage(usage),
  })
}

function encodeMessage (
  { blocks, finish, explanation }: Answer,
  calls: readonly Call[],
  options: EncodeOptions,
): ChatAnswerMessage {
  const { content, annotations } = joinContent(blocks)
  const refusal = blocks.filter(block => block.type === 'refusal').map(block => block.text).join('')
    || (finish === 'filter' || finish === 'refusal' ? explanation ?? '' : '')
  const reasoning = blocks.filter(block => block.type === 'reasoning')
  const carriers = reasoning.map(block => block.carrier).filter(carrier => carrier !== null)
  const thought = joinApart(reasoning.map(({ text }) => text))
  return omitUndefined<ChatAnswerMessage>({
    role: 'assistant',
    content: content === '' && (calls.length > 0 || refusal !== '') ? null : content,
    refusal: refusal === '' ? null : refusal,
    annotations,
    reasoning_content: thought === '' ? undefined : thought,
    reasoning_opaque: carriers.length === 0 ? undefined : joinCarriers(carriers),
    ...encodeCalls(calls, options),
  })
}

/** Absent if there are none: some clients only check whether the key exists. */
function encodeCalls (
  calls: readonly Call[],
  options: EncodeOptions,
): Pick<ChatAnswerMessage, 'function_call' | 'tool_calls'> {
  const [first] = calls
  if (first === undefined) return {}
  if (isLegacy(options)) return { function_call: { name: first.name, arguments: toJson(first) } }
  return {
    tool_calls: calls.map(call => {
      const id = call.callId === '' ? `call_${options.newId()}` : call.callId
      return call.kind === 'custom'
        ? { id, type: 'custom', custom: { name: call.name, input: call.input } }
        : { id, type: 'function', function: { name: call.name, arguments: toJson(call) } }
    }),
  }
}

function toJson ({ kind, input, isCut }: Call): string {
  return kind === 'function' && isCut !== true && input.trim() === '' ? '{}' : input
}

/** Joins the texts, and collects their citations. */
function joinContent (
  blocks: readonly AnswerBlock[],
): { content: string, annotations: NonNullable<ChatAnswerMessage['annotations']> } {
  const content = createJoiner()
  let isApart = false
  const annotations: NonNullable<ChatAnswerMessage['annotations']> = []
  for (const block of blocks) {
    if (block.type !== 'text') {
      isApart = true
      continue
    }
    const start = content.add(block.text, isApart || block.apart)
    isApart = false
    for (const citation of block.citations) annotations.push(toAnnotation(citation, start, content.length()))
  }
  return { content: content.text(), annotations }
}

function logprobsOf (blocks: readonly AnswerBlock[]): ChatLogprobs | null {
  const entries = blocks.flatMap(block => block.type === 'text' ? block.logprobs ?? [] : [])
  return entries.length === 0 ? null : { content: entries, refusal: null }
}
