// Copilot's Chat stream made into one that OpenAI's SDKs accept. Most events lack nothing but `object`, which is put in
// front of their text; only events with something to repair are parsed. `docs/spec/copilot.md#chat-stream`,
// `docs/spec/translation.md#same-dialect`.
import { splice, utf8 } from '../../../bytes.ts'
import { isObject } from '../../../json.ts'
import type { AnswerOptions, StreamRepair } from '../../contract/dialect.ts'
import { endOfKnown, textEndOfKnown, type Frame, type Frames } from '../../shared/framed-text.ts'
import { createChoiceRepair, type ChoiceRepair } from './repair-choice.ts'
import { cutOff, readError } from '../errors.ts'
import { plainFrameOf } from './repair-plain-delta.ts'
import { createUsageMeter } from '../usage.ts'
import { isFailure, parseChunk, type WireAnswer, type WireChoice } from '../wire.ts'

export interface ChatRepairOptions {
  /** Whether the client asked for a chunk of its own with the usage. */
  readonly includeUsage: boolean
  /** How many choices the client asked for. */
  readonly n: number
  /** The model that was asked, for chunks that name none. */
  readonly model: string
  readonly now: () => number
  readonly newId: () => string
  readonly remember?: AnswerOptions['remember']
}

/** `opening` is what the part before its text becomes; null where it may stay. */
interface PlainFrame extends Frame {
  readonly opening: string | null
  readonly openingBytes: Uint8Array | null
}

const objectField = '"object":"chat.completion.chunk"'

export function createChatRepair ({ includeUsage, n, model, now, newId, remember }: ChatRepairOptions): StreamRepair {
  /** Of the first chunk that has one; every chunk of an answer has the same. */
  let id = ''
  let created = 0
  /** By the client's `index`; an entry is made by the first delta of a choice. */
  const choices = new Map<number, ChoiceRepair>()
  const meter = createUsageMeter()
  let isDone = false
  const frames: Frames<PlainFrame> = { known: null, former: null }

  return {
    plainEnd: (text, from) => endOfKnown(text, from, frames),
    repairPlain (text, from, end) {
      const { known } = frames
      return known === null || known.opening === null
        ? null
        : known.opening + text.slice(from + known.before.length, end)
    },
    repairPiece (piece) {
      const to = textEndOfKnown(piece, frames)
      const { known } = frames
      if (to === -1 || known === null) return null
      const { before, behind } = known.bytes
      return known.openingBytes === null
        ? piece
        : splice(known.openingBytes, piece, before.bytes.length, to, behind.bytes)
    },
    event (data, name) {
      if (data === '[DONE]') return finish(choice => choice.hasEnded())
      if (data === '') return ''
      const frame = name === '' && id !== '' && n <= 1 ? plainFrameOf(data) : null
      if (frame === null || !learn(frame)) return repair(data, name)
      return frames.known?.opening === null ? null : withObject(data)
    },
    end () {
      if (isDone) return ''
      return finish(choice => choice.hasAllEnded())
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

  /**
   * Whatever upstream left open although it said that it was done.
   * @throws {GatewayError} for an answer that did not end
   */
  function finish (isEnded: (choice: ChoiceRepair) => boolean): string {
    if (choices.size === 0 || ![...choices.values()].every(isEnded)) throw cutOff()
    isDone = true
    return [...choices.values()].map(choice => choice.finish()).join('') + 'data: [DONE]\n\n'
  }

  function repair (data: string, name: string): string | null {
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
      const repaired = repairChoice(choice)
      changed ||= repaired.changed
      before += repaired.before
    }
    if (changed) return before + write(chunk)
    if (chunk.object === 'chat.completion.chunk') return before === '' ? null : `${before}data: ${data}\n\n`
    return before + ('object' in chunk ? write(chunk) : withObject(data))
  }

  /** Repairs a choice in place. @returns `before`: chunks that have to come first */
  function repairChoice (raw: WireChoice): { changed: boolean, before: string } {
    const given = Number.isInteger(raw.index) ? raw.index as number : 0
    // A client that asked for one choice gets one, whatever upstream splits it into.
    const index = n > 1 ? given : 0
    const known = choices.get(index)
    const choice = known ?? createChoiceRepair(index, newId, write, (callId, item) => {
      remember?.(callId, { kind: 'c', item, model })
    })
    choices.set(index, choice)
    const changed = raw.index !== index
    raw.index = index
    const { changed: isRepaired, before } = choice.repair(raw, given, known === undefined)
    return { changed: changed || isRepaired, before }
  }

  function write (chunk: WireAnswer): string {
    const head = { id: id === '' ? id = `chatcmpl-${newId()}` : id, object: 'chat.completion.chunk',
      created: created === 0 ? created = Math.floor(now() / 1_000) : created }
    return `data: ${
      JSON.stringify({ ...chunk, ...head,
        model: typeof chunk.model === 'string' && chunk.model !== '' ? chunk.model : model })
    }\n\n`
  }
}

function withObject (data: string): string {
  return `data: {${objectField},${data.slice(data.indexOf('{') + 1)}\n\n`
}
