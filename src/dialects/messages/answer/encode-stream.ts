// Encodes parts as a stream for a Messages client. Its blocks come strictly one after another, while other dialects let
// theirs overlap: the first open block is sent, and the others wait. `docs/spec/translation.md#sdk-messages`,
// `docs/spec/translation.md#rule-11`.
import type { GatewayError } from '../../../errors.ts'
import type { EncodeOptions, StreamEncoder } from '../../contract/dialect.ts'
import type { Part, Usage } from '../../contract/part.ts'
import type { DeltaType, PlainText } from '../../contract/plain-event.ts'
import { createBlockEncoder, type BlockEncoder } from './encode-block.ts'
import { failStream } from '../errors.ts'
import { createSearchCount } from './encode-search.ts'
import { createSearchHold } from './encode-filled-searches.ts'
import { estimateUsage, startMessage } from './encode-message.ts'
import { writeEnding } from '../stop-reason.ts'
import { toWireUsage } from '../usage.ts'
import { writeEvent } from '../wire.ts'

type Start = Extract<Part, { type: `${string}-start`, block: number }>

export function createEncoder (options: EncodeOptions): StreamEncoder {
  const { prompt } = options
  const thinks = prompt.thinking === 'on' || prompt.thinking === 'adaptive'
  let isStarted = false
  let isFinished = false
  let nextIndex = 0
  let hasCalls = false
  let usage: Usage | null = null
  let textLength = 0
  /** Blocks that have begun and not ended, in the order in which they began. The first of them is sent. */
  const open = new Map<number, BlockEncoder>()
  /** Their numbers in this order. A Map that lost thousands of its first entries searches them all for the next. */
  const order: number[] = []
  let first = 0
  /** Parts of the others. */
  const waiting = new Map<number, Part[]>()
  /**
   * Reasoning after text or a call, and the texts behind it that are still empty. Claude Code shows nothing of an
   * answer that ends with reasoning, so they wait for text or a call.
   */
  const late = new Map<number, Part[]>()
  /** Whether there was text or a call. */
  let hasContent = false
  /** Open blocks that may still have some. */
  const content = new Set<number>()
  const searches = createSearchCount()

  const hold = createSearchHold()

  return {
    push (part) {
      if (isFinished) return ''
      if (part.type === 'message-start') return start(part.id)
      return start('') + hold.push(part).map(take).join('')
    },
    continueText (type, block) {
      const more = isFinished || !isStarted || hold.isHolding() ? null : continued(type, block)
      return more && { ...more, take (text) {
        textLength += text.length
        return more.take(text)
      } }
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
      case 'message-start':
        return ''
      case 'usage':
        usage = part.usage
        return ''
      case 'message-end':
        return finish(part)
      case 'reasoning-start':
        if (!thinks) return ''
        if (!hasContent && content.size === 0 && late.size === 0) return begin(part.block, part)
        late.set(part.block, [part])
        return ''
      case 'text-start':
      case 'refusal-start':
        if (late.size === 0) return beginContent(part)
        late.set(part.block, [part])
        return ''
      case 'search-start':
      case 'tool-call-start': {
        const before = releaseLate()
        hasContent = true
        return before + beginContent(part)
      }
      case 'text-delta':
      case 'refusal-delta':
      case 'reasoning-delta':
      case 'tool-call-delta': {
        textLength += part.text.length
        const isText = part.type !== 'reasoning-delta' && part.text !== ''
        const before = isText && late.has(part.block) ? releaseLate(part.block) : ''
        if (isText && open.has(part.block)) hasContent = true
        return before + pass(part.block, part)
      }
      case 'block-end':
        if (part.search !== undefined) searches.add(part.search)
        return pass(part.block, part)
      case 'citation':
        return pass(part.block, part)
    }
  }

  function continued (type: DeltaType, block: number): PlainText | null {
    if (type !== 'reasoning-delta' && (!hasContent || late.has(block))) return null
    if (order[first] === block) return open.get(block)?.continued() ?? null
    const kept = late.get(block) ?? []
    const parts = waiting.get(block)
    // Nothing is sent of a block that waits for others or is not shown.
    if (open.has(block) && parts === undefined) return null
    return { path: null, take (text) {
      const part: Part = { type, block, text }
      if (late.has(block)) kept.push(part)
      parts?.push(part)
      return ''
    } }
  }

  function beginContent (part: Start): string {
    content.add(part.block)
    return begin(part.block, part)
  }

  /** @param last the last block to release; null for all */
  function releaseLate (last: number | null = null): string {
    let out = ''
    for (const [block, parts] of late) {
      late.delete(block)
      for (const part of parts) {
        if (part.type === 'reasoning-start') out += begin(part.block, part)
        else if (part.type === 'text-start' || part.type === 'refusal-start') out += beginContent(part)
        else if ('block' in part) out += pass(part.block, part)
      }
      if (block === last) break
    }
    return out
  }

  function begin (block: number, part: Start): string {
    if (open.has(block)) return ''
    if (part.type === 'tool-call-start') hasCalls = true
    order.push(block)
    open.set(block,
      createBlockEncoder(part, { takeIndex: () => nextIndex++, showReasoning: prompt.showReasoning,
        newId: options.newId }))
    return pass(block, part)
  }

  /** Sends parts of the first block now and those of the others later. Parts of blocks that are not shown end here. */
  function pass (block: number, part: Part): string {
    late.get(block)?.push(part)
    if (!open.has(block)) return ''
    if (order[first] === block) return send(block, part)
    const parts = waiting.get(block)
    if (parts === undefined) waiting.set(block, [part])
    else parts.push(part)
    return ''
  }

  function send (block: number, part: Part): string {
    const encoder = open.get(block)
    if (encoder === undefined) return ''
    if (part.type !== 'block-end') return encoder.push(part)
    close(block)
    return encoder.end(part) + sendNext()
  }

  /** Sends the parts that the next block kept; if it has ended too, those of the one after. */
  function sendNext (): string {
    let out = ''
    for (let block = order[first]; block !== undefined; block = order[first]) {
      const encoder = open.get(block)
      const parts = waiting.get(block) ?? []
      waiting.delete(block)
      let isEnded = false
      for (const part of parts) {
        if (part.type !== 'block-end') out += encoder?.push(part) ?? ''
        else {
          out += encoder?.end(part) ?? ''
          isEnded = true
          break
        }
      }
      if (!isEnded) return out
      close(block)
    }
    return out
  }

  function close (block: number): void {
    open.delete(block)
    content.delete(block)
    first++
  }

  function finish (part: Extract<Part, { type: 'message-end' }>): string {
    let out = hasContent ? '' : releaseLate()
    for (let block = order[first]; block !== undefined; block = order[first]) {
      out += send(block, { type: 'block-end', block })
    }
    isFinished = true
    const ending = writeEnding(part, hasCalls)
    const counted = usage ?? estimateUsage(options, textLength)
    return out + writeEvent('message_delta', { delta: ending, usage: toWireUsage(counted, searches.usage()) })
      + writeEvent('message_stop')
  }
}
