// An answer in parts, streamed to a client of Messages. Its blocks come strictly one after another, while other dialects
// let theirs overlap: the first open block speaks, the others wait. `translation.md` 3.1.3, 3.2.11.
import type { GatewayError } from '../../errors.ts'
import type { EncodeOptions, StreamEncoder } from '../dialect.ts'
import { createTextWriter } from '../framed-bytes.ts'
import type { Part, Usage } from '../part.ts'
import { createBlockEncoder, type BlockEncoder } from './encode-block.ts'
import { failStream } from './errors.ts'
import { estimateUsage, startMessage } from './encode-message.ts'
import { writeEnding } from './stop-reason.ts'
import { toWireUsage } from './usage.ts'
import { writeEvent } from './wire.ts'

export function createEncoder (options: EncodeOptions): StreamEncoder {
  const { prompt } = options
  const thinks = prompt.thinking === 'on' || prompt.thinking === 'adaptive'
  let isStarted = false
  let isFinished = false
  let nextIndex = 0
  let hasCalls = false
  let usage: Usage | null = null
  let textLength = 0
  /** Blocks begun and not ended, in the order in which they began; the first of them is the one that speaks. */
  const open = new Map<number, BlockEncoder>()
  /** What the others will say. */
  const waiting = new Map<number, Part[]>()

  return {
    push (part) {
      if (isFinished) return ''
      return part.type === 'message-start' ? start(part.id) : start('') + take(part)
    },
    continueText (block) {
      const around = isFinished || open.keys().next().value !== block ? null : open.get(block)?.aroundText?.() ?? null
      return around === null ? null : createTextWriter(around.before, around.behind, text => { textLength += text.length })
    },
    end: () => '',
    fail (error: GatewayError) {
      if (isFinished) return ''
      isFinished = true
      return failStream(error)
    },
  }

  function start (id: string): string {
    if (isStarted) return ''
    isStarted = true
    return writeEvent('message_start', { message: startMessage(id, options) }) + writeEvent('ping')
  }

  function take (part: Part): string {
    switch (part.type) {
      case 'message-start': return ''
      case 'usage':
        usage = part.usage
        return ''
      case 'message-end': return finish(part)
      case 'reasoning-start':
        return thinks ? begin(part.block, part) : ''
      case 'text-start': case 'refusal-start': case 'tool-call-start':
        return begin(part.block, part)
      case 'text-delta': case 'reasoning-delta': case 'refusal-delta': case 'tool-call-delta':
        textLength += part.text.length
        return pass(part.block, part)
      case 'citation': case 'block-end': return pass(part.block, part)
    }
  }

  function begin (block: number, part: Extract<Part, { type: `${string}-start`, block: number }>): string {
    if (open.has(block)) return ''
    if (part.type === 'tool-call-start') hasCalls = true
    open.set(block, createBlockEncoder(part, { takeIndex: () => nextIndex++, showReasoning: prompt.showReasoning }))
    return pass(block, part)
  }

  /** To the block that speaks at once, to the others later. Parts of blocks that are not shown end here. */
  function pass (block: number, part: Part): string {
    if (!open.has(block)) return ''
    if (open.keys().next().value === block) return speak(block, part)
    const parts = waiting.get(block)
    if (parts === undefined) waiting.set(block, [part])
    else parts.push(part)
    return ''
  }

  function speak (block: number, part: Part): string {
    const encoder = open.get(block)
    if (encoder === undefined) return ''
    if (part.type !== 'block-end') return encoder.push(part)
    open.delete(block)
    return encoder.end(part.carrier ?? null) + speakNext()
  }

  /** The next block says what it had to keep; if that is all of it, so does the one after. */
  function speakNext (): string {
    let out = ''
    for (const [block, encoder] of open) {
      const parts = waiting.get(block) ?? []
      waiting.delete(block)
      let isEnded = false
      for (const part of parts) {
        if (part.type !== 'block-end') out += encoder.push(part)
        else {
          out += encoder.end(part.carrier ?? null)
          isEnded = true
          break
        }
      }
      if (!isEnded) return out
      open.delete(block)
    }
    return out
  }

  function finish (part: Extract<Part, { type: 'message-end' }>): string {
    let out = ''
    for (const block of open.keys()) out += speak(block, { type: 'block-end', block })
    isFinished = true
    const ending = writeEnding(part, hasCalls)
    const said = usage ?? estimateUsage(options, textLength)
    return out + writeEvent('message_delta', { delta: ending, usage: toWireUsage(said) }) + writeEvent('message_stop')
  }
}
