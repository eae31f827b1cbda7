// A whole answer for a Chat client. `translation.md` 1.1.3, 2.9.
import type { JsonObject } from '../../json.ts'
import type { EncodeOptions } from '../dialect.ts'
import type { Answer, AnswerBlock } from '../part.ts'
import { gap } from '../text.ts'
import { writeFinish } from './finish.ts'
import { writeUsage } from './usage.ts'
import { isLegacy, joinCarriers, toAnnotation, toAnswerId, toCreated } from './write.ts'

type Call = Extract<AnswerBlock, { type: 'tool-call' }>

export function encodeAnswer (answer: Answer, options: EncodeOptions): JsonObject {
  const { blocks, finish, usage } = answer
  const calls = blocks.filter(block => block.type === 'tool-call')
  return {
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
    ...(usage === null ? {} : { usage: writeUsage(usage) }),
  }
}

function encodeMessage ({ blocks, finish, explanation }: Answer, calls: readonly Call[], options: EncodeOptions): JsonObject {
  const { content, annotations } = joinContent(blocks)
  const refusal = blocks.filter(block => block.type === 'refusal').map(block => block.text).join('') || (finish === 'filter' || finish === 'refusal' ? explanation ?? '' : '')
  const reasoning = blocks.filter(block => block.type === 'reasoning')
  const carriers = reasoning.map(block => block.carrier).filter(carrier => carrier !== null)
  const thought = reasoning.reduce((all, { text }) => all + gap(all, text) + text, '')
  return {
    role: 'assistant',
    content: content === '' && (calls.length > 0 || refusal !== '') ? null : content,
    refusal: refusal === '' ? null : refusal,
    annotations,
    ...(thought === '' ? {} : { reasoning_content: thought }),
    ...(carriers.length === 0 ? {} : { reasoning_opaque: joinCarriers(carriers) }),
    ...encodeCalls(calls, options),
  }
}

/** Absent where there are none: some clients ask no more than whether the key is there. */
function encodeCalls (calls: readonly Call[], options: EncodeOptions): JsonObject {
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

function toJson ({ kind, input }: Call): string {
  return kind === 'function' && input.trim() === '' ? '{}' : input
}

/** The texts as one, and what each of them cites. */
function joinContent (blocks: readonly AnswerBlock[]): { content: string, annotations: JsonObject[] } {
  let content = ''
  let isApart = false
  const annotations: JsonObject[] = []
  for (const block of blocks) {
    if (block.type !== 'text') {
      isApart = true
      continue
    }
    if (isApart || block.apart) content += gap(content, block.text)
    isApart = false
    const start = content.length
    content += block.text
    annotations.push(...block.citations.map(citation => toAnnotation(citation, start, content.length)))
  }
  return { content, annotations }
}

function logprobsOf (blocks: readonly AnswerBlock[]): JsonObject | null {
  const entries = blocks.flatMap(block => block.type === 'text' ? block.logprobs ?? [] : [])
  return entries.length === 0 ? null : { content: entries, refusal: null }
}
