// Copilot's Chat stream made into one that OpenAI's SDKs accept. Most events lack nothing but `object`, which is put in
// front of their text; only events with something to mend are parsed. `copilot-upstream.md` 7.4, `translation.md` 2.10.
import { splice, utf8 } from '../../bytes.ts'
import { GatewayError } from '../../errors.ts'
import { isObject } from '../../json.ts'
import type { StreamTidy } from '../dialect.ts'
import { endOfKnown, textEndOfKnown, type Frame, type Frames } from '../framed-text.ts'
import { brokenOff, readError } from './errors.ts'
import { plainFrameOf } from './plain-delta.ts'
import { showReasoning } from './reasoning.ts'
import { createToolCalls, type ToolCalls } from './tool-calls.ts'
import { createUsageMeter } from './usage.ts'
import { isFailure, parseChunk, type WireAnswer, type WireChoice } from './wire.ts'

export interface ChatTidyOptions {
  /** Whether the client asked for a chunk of its own with the usage. */
  readonly includeUsage: boolean
  /** How many choices the client asked for. */
  readonly n: number
  /** The model that was asked, for chunks that name none. */
  readonly model: string
  readonly now: () => number
  readonly newId: () => string
}

/** `opaque`: the state of reasoning that was held back so far. */
interface Choice { readonly calls: ToolCalls, opaque: string, isFinished: boolean }

/** `opening` is what the part before its text becomes; null where it may stay. */
interface PlainFrame extends Frame { readonly opening: string | null, readonly openingBytes: Uint8Array | null }

const objectField = '"object":"chat.completion.chunk"'

export function createChatTidy ({ includeUsage, n, model, now, newId }: ChatTidyOptions): StreamTidy {
  /** Of the first chunk that has one; every chunk of an answer has the same. */
  let id = ''
  let created = 0
  /** By `index`; an entry is made by the first delta of a choice. */
  const choices = new Map<number, Choice>()
  const meter = createUsageMeter()
  let isDone = false
  const frames: Frames<PlainFrame> = { known: null, former: null }

  return {
    plainEnd: (text, from) => endOfKnown(text, from, frames),
    mendPlain (text, from, end) {
      const { known } = frames
      return known === null || known.opening === null ? null : known.opening + text.slice(from + known.before.length, end)
    },
    mendPiece (piece) {
      const to = textEndOfKnown(piece, frames)
      const { known } = frames
      if (to === -1 || known === null) return null
      const { before, behind } = known.bytes
      return known.openingBytes === null ? piece : splice(known.openingBytes, piece, before.bytes.length, to, behind.bytes)
    },
    event (data, name) {
      if (data === '[DONE]') return finish() + 'data: [DONE]\n\n'
      if (data === '') return ''
      const frame = name === '' && id !== '' && n <= 1 ? plainFrameOf(data) : null
      if (frame === null || !learn(frame)) return tidy(data, name)
      return frames.known?.opening === null ? null : withObject(data)
    },
    end () {
      if (isDone) return ''
      if (choices.size > 0 && [...choices.values()].every(choice => choice.isFinished)) return finish() + 'data: [DONE]\n\n'
      throw new GatewayError('upstream_error', 'Copilot\'s stream ended before the answer was complete.')
    },
    isDone: () => isDone,
    usage: meter.usage,
  }

  /** Whether the frame is one of this answer, and lacks nothing, or nothing but `object`. */
  function learn (frame: Frame): boolean {
    const holds = (field: string) => frame.before.includes(field) || frame.behind.includes(field)
    const hasObject = holds(objectField)
    if (!holds(`"id":"${id}"`) || (!hasObject && holds('"object":'))) return false
    if (frames.known?.before !== frame.before) frames.former = frames.known
    const opening = hasObject ? null : frame.before.replace('{', `{${objectField},`)
    frames.known = { ...frame, opening, openingBytes: opening === null ? null : utf8(opening) }
    return true
  }

  /** Chunks for whatever upstream left open although it said that it was done. */
  function finish (): string {
    isDone = true
    if (choices.size === 0) return write({ choices: [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'stop' }] })
    let out = ''
    for (const [index, choice] of choices) {
      const { calls, isFinished } = choice
      out += release(index, choice)
      const missing = calls.missingArguments()
      if (missing.length > 0) out += write({ choices: [{ index, delta: { tool_calls: missing }, finish_reason: null }] })
      if (!isFinished) out += write({ choices: [{ index, delta: {}, finish_reason: calls.count() > 0 ? 'tool_calls' : 'stop' }] })
    }
    return out
  }

  function tidy (data: string, name: string): string | null {
    const chunk = parseChunk(data)
    if (isFailure(chunk)) throw readError(chunk.error)
    meter.read(chunk)
    if (!Array.isArray(chunk.choices) || chunk.choices.length === 0) {
      return isObject(chunk.usage) && includeUsage ? write({ ...chunk, choices: [] }) : ''
    }
    if (id === '') {
      id = typeof chunk.id === 'string' && chunk.id !== '' ? chunk.id : `chatcmpl-${newId()}`
      created = typeof chunk.created === 'number' && chunk.created > 0 ? chunk.created : Math.floor(now() / 1_000)
    }
    let before = ''
    let changed = name !== '' || chunk.id !== id || typeof chunk.created !== 'number' || typeof chunk.model !== 'string'
    for (const choice of chunk.choices.filter(isObject) as WireChoice[]) {
      const tidied = tidyChoice(choice)
      changed ||= tidied.changed
      before += tidied.before
    }
    if (changed) return before + write(chunk)
    if (chunk.object === 'chat.completion.chunk') return before === '' ? null : `${before}data: ${data}\n\n`
    return before + ('object' in chunk ? write(chunk) : withObject(data))
  }

  /** Mends a choice in place. @returns `before`: chunks that have to come first */
  function tidyChoice (raw: WireChoice): { changed: boolean, before: string } {
    // Who asked for one choice gets one, whatever upstream splits it into.
    const index = n > 1 && Number.isInteger(raw.index) ? raw.index as number : 0
    let changed = raw.index !== index
    raw.index = index
    const known = choices.get(index)
    const choice = known ?? { calls: createToolCalls(() => `call_${newId()}`), opaque: '', isFinished: false }
    choices.set(index, choice)
    if (!isObject(raw.delta)) {
      raw.delta = {}
      changed = true
    }
    const delta = raw.delta as Record<string, unknown>
    if (known === undefined && delta['role'] !== 'assistant') {
      delta['role'] = 'assistant'
      changed = true
    }
    if ('tool_calls' in delta) {
      const calls = Array.isArray(delta['tool_calls']) ? choice.calls.tidy(delta['tool_calls']) : []
      if (calls !== null) changed = true
      if (calls?.length === 0) delete delta['tool_calls']
      else if (calls !== null) delta['tool_calls'] = calls
    }
    if (showReasoning(delta)) changed = true
    if (typeof delta['reasoning_opaque'] === 'string') {
      // It comes in pieces, and accumulators keep the last value of a field they do not know: so it goes out once, whole.
      choice.opaque += delta['reasoning_opaque']
      delete delta['reasoning_opaque']
      changed = true
    }
    if ('copilot_annotations' in delta) {
      delete delta['copilot_annotations']
      changed = true
    }
    if (typeof raw.finish_reason !== 'string' || raw.finish_reason === '') return { changed, before: '' }
    if (raw.finish_reason === 'error') throw brokenOff()
    if (choice.isFinished && raw.finish_reason === 'stop') {
      raw.finish_reason = null   // the choice that came first had more to say
      changed = true
    }
    choice.isFinished = true
    const missing = choice.calls.missingArguments()
    return { changed, before: release(index, choice) + (missing.length === 0 ? '' : write({ choices: [{ index, delta: { tool_calls: missing }, finish_reason: null }] })) }
  }

  /** A chunk with the state of reasoning, where there is any. */
  function release (index: number, choice: Choice): string {
    const { opaque } = choice
    choice.opaque = ''
    return opaque === '' ? '' : write({ choices: [{ index, delta: { reasoning_opaque: opaque }, finish_reason: null }] })
  }

  function write (chunk: WireAnswer): string {
    const head = { id: id === '' ? id = `chatcmpl-${newId()}` : id, object: 'chat.completion.chunk', created: created === 0 ? created = Math.floor(now() / 1_000) : created }
    return `data: ${JSON.stringify({ ...chunk, ...head, model: typeof chunk.model === 'string' && chunk.model !== '' ? chunk.model : model })}\n\n`
  }
}

function withObject (data: string): string {
  return `data: {${objectField},${data.slice(data.indexOf('{') + 1)}\n\n`
}
