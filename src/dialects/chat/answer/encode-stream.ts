// Encodes parts as a stream for a Chat client. C1 and so on are rules of OpenAI's SDKs:
// `docs/spec/translation.md#sdk-chat`.
import { GatewayError } from '../../../errors.ts'
import type { JsonObject } from '../../../json.ts'
import type { EncodeOptions, StreamEncoder } from '../../contract/dialect.ts'
import type { Citation, Part, Usage } from '../../contract/part.ts'
import type { PlainText } from '../../contract/plain-event.ts'
import type { Carrier } from '../../contract/prompt.ts'
import { failStream } from '../errors.ts'
import { writeFinish } from '../stop-reason.ts'
import { createLane } from './encode-lane.ts'
import { writeUsage } from '../usage.ts'
import type { ChatChunkHead, ChatDelta, ChatLogprobs } from '../wire.ts'
import { isLegacy, joinCarriers, toAnnotation, toAnswerId, toCreated } from './encode-shared.ts'

interface Call {
  readonly index: number
  readonly kind: 'function' | 'custom'
  hasInput: boolean
}

/** C4: the SDK accepts no more. */
const maxCalls = 128

export function createEncoder (options: EncodeOptions): StreamEncoder {
  const { facts, prompt, model, now, newId } = options
  const hasFunctions = isLegacy(options)
  const asksLogprobs = prompt.topLogprobs !== null
  /** The beginning of every chunk; empty until the answer has begun. */
  let opening = ''
  /** The chunk before its delta. */
  let head = ''
  /** The chunk behind its delta, if it ends nothing. */
  const tail = `,"logprobs":null,"finish_reason":null}]${facts.includeUsage ? ',"usage":null' : ''}}\n\n`
  let isFinished = false
  let isOver = false
  let usage: Usage | null = null
  const text = createLane(content => `${head}{"content":${JSON.stringify(content)}}${tail}`)
  const reasoning = createLane(thought => delta({ reasoning_content: thought }))
  const refusal = createLane(refused => delta({ refusal: refused }))
  /** By block. */
  const kinds = new Map<number, 'text' | 'reasoning' | 'refusal' | 'call'>()
  const calls = new Map<number, Call>()
  const citations = new Map<number, Citation[]>()
  /** By block. They are sent in the order in which the blocks began. */
  const carriers = new Map<number, Carrier>()
  /** Something else has begun since the last text. */
  let isTextApart = false
  let callCount = 0
  let hasRefusal = false

  return {
    push (part) {
      if (isOver || isFinished) return ''
      return part.type === 'message-start' ? start(part) : start(null) + encode(part)
    },
    continueText: (_type, block) => isOver || isFinished ? null : continueText(block),
    end () {
      if (isOver) return ''
      const rest = isFinished
        ? ''
        : start(null) + finish({ type: 'message-end', reason: 'stop', stopSequence: null, explanation: null })
      isOver = true
      // C10: nothing with a `usage` of its own may follow.
      const counted = facts.includeUsage && usage !== null
        ? `${opening},"choices":[],"usage":${JSON.stringify(writeUsage(usage))}}\n\n`
        : ''
      return rest + counted + 'data: [DONE]\n\n'
    },
    fail (error) {
      if (isOver) return ''
      isOver = true
      return failStream(error)
    },
  }

  function continueText (block: number): PlainText | null {
    const kind = kinds.get(block)
    const call = calls.get(block)
    if (kind === 'call' && call !== undefined) return continueCall(call)
    const [lane, field] = kind === 'text'
      ? [text, 'content']
      : kind === 'reasoning'
      ? [reasoning, 'reasoning_content']
      : [refusal, 'refusal']
    const more = kind === undefined ? null : lane.continued(block)
    return more && { path: more.isSent ? `choices.0.delta.${field}` : null, take: more.take }
  }

  function continueCall (call: Call): PlainText {
    const isSent = !hasFunctions || call.index === 0
    const path = hasFunctions
      ? 'function_call.arguments'
      : `tool_calls.0.${call.kind === 'custom' ? 'custom.input' : 'function.arguments'}`
    return { path: isSent ? `choices.0.delta.${path}` : null, take (json) {
      call.hasInput = true
      return json
    } }
  }

  /** C2: the role comes first, once. */
  function start (part: Extract<Part, { type: 'message-start' }> | null): string {
    if (opening !== '') return ''
    const chunk: ChatChunkHead = { id: toAnswerId(part?.id ?? '', newId), object: 'chat.completion.chunk',
      created: toCreated(part?.created ?? null, now), model }
    opening = `data: ${JSON.stringify(chunk).slice(0, -1)}`
    head = `${opening},"choices":[{"index":0,"delta":`
    return delta({ role: 'assistant', content: '' })
  }

  function delta (fields: ChatDelta): string {
    return head + JSON.stringify(fields) + tail
  }

  function encode (part: Exclude<Part, { type: 'message-start' }>): string {
    switch (part.type) {
      case 'text-start':
        kinds.set(part.block, 'text')
        text.begin(part.block, part.apart, isTextApart)
        isTextApart = false
        return ''
      case 'reasoning-start':
        isTextApart = true
        kinds.set(part.block, 'reasoning')
        reasoning.begin(part.block, true, false)
        return ''
      case 'refusal-start':
        isTextApart = hasRefusal = true
        kinds.set(part.block, 'refusal')
        refusal.begin(part.block, false, false)
        return ''
      case 'tool-call-start':
        isTextApart = true
        return startCall(part)
      case 'text-delta':
        return text.write(part.block, part.text)
      case 'reasoning-delta':
        return reasoning.write(part.block, part.text)
      case 'refusal-delta':
        return refusal.write(part.block, part.text)
      case 'tool-call-delta':
        return writeCall(part.block, part.text)
      case 'citation':
        if (!citations.has(part.block)) citations.set(part.block, [])
        citations.get(part.block)?.push(part)
        return ''
      case 'block-end':
        return endBlock(part)
      case 'usage':
        usage = part.usage
        return ''
      case 'message-end':
        return finish(part)
      // Chat shows nothing of a search but its citations.
      case 'search-start':
        isTextApart = true
        return ''
    }
  }

  function startCall ({ block, callId, name, kind }: Extract<Part, { type: 'tool-call-start' }>): string {
    const call = { index: callCount++, kind, hasInput: false }
    if (call.index >= maxCalls) {
      throw new GatewayError('upstream_error', `Copilot's answer has more than ${maxCalls} tool calls.`)
    }
    kinds.set(block, 'call')
    calls.set(block, call)
    if (hasFunctions) return call.index === 0 ? delta({ function_call: { name, arguments: '' } }) : ''
    const id = callId === '' ? `call_${newId()}` : callId
    return delta({
      tool_calls: [
        kind === 'custom'
          ? { index: call.index, id, type: 'custom', custom: { name, input: '' } }
          : { index: call.index, id, type: 'function', function: { name, arguments: '' } },
      ],
    })
  }

  /** C6: only the first delta has the name. */
  function writeCall (block: number, json: string): string {
    const call = calls.get(block)
    if (call === undefined || json === '') return ''
    call.hasInput = true
    if (hasFunctions) return call.index === 0 ? delta({ function_call: { arguments: json } }) : ''
    return delta({
      tool_calls: [{ index: call.index,
        ...(call.kind === 'custom' ? { custom: { input: json } } : { function: { arguments: json } }) }],
    })
  }

  function endBlock ({ block, carrier, logprobs, isCut }: Extract<Part, { type: 'block-end' }>): string {
    const kind = kinds.get(block)
    kinds.delete(block)
    switch (kind) {
      case undefined:
        return ''
      case 'text':
        return text.close(block, (from, to) => annotate(block, from, to) + writeLogprobs(logprobs))
      case 'refusal':
        return refusal.close(block)
      case 'reasoning':
        if (carrier !== undefined && carrier !== null) carriers.set(block, carrier)
        return reasoning.close(block)
      case 'call':
        return endCall(block, isCut === true)
    }
  }

  /** C13: clients parse the arguments, so they must not be empty. */
  function endCall (block: number, isCut: boolean): string {
    const call = calls.get(block)
    const out = call?.kind === 'function' && !call.hasInput && !isCut ? writeCall(block, '{}') : ''
    calls.delete(block)
    return out
  }

  function annotate (block: number, from: number, to: number): string {
    const cited = citations.get(block) ?? []
    citations.delete(block)
    return cited.length === 0 ? '' : delta({ annotations: cited.map(citation => toAnnotation(citation, from, to)) })
  }

  function writeLogprobs (entries: readonly JsonObject[] | undefined): string {
    if (!asksLogprobs || entries === undefined || entries.length === 0) return ''
    return head + '{}'
      + tail.replace('"logprobs":null', () =>
        `"logprobs":${JSON.stringify({ content: entries, refusal: null } satisfies ChatLogprobs)}`)
  }

  /** C11: one finish reason, after everything else. */
  function finish ({ reason, explanation }: Extract<Part, { type: 'message-end' }>): string {
    isFinished = true
    let out = [...kinds.keys()].map(block => endBlock({ type: 'block-end', block })).join('')
    if (carriers.size > 0) {
      out += delta({
        reasoning_opaque: joinCarriers([...carriers].sort(([a], [b]) => a - b).map(([, carrier]) => carrier)),
      })
    }
    if (explanation !== null && explanation !== '' && !hasRefusal && (reason === 'filter' || reason === 'refusal')) {
      out += delta({ refusal: explanation })
    }
    return out + head + '{}'
      + tail.replace('"finish_reason":null', `"finish_reason":"${writeFinish(reason, callCount > 0, hasFunctions)}"`)
  }
}
