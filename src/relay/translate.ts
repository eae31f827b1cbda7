// An answer on its way from upstream's dialect to the client's: decoded to parts, tools and stops put right, encoded.
// The same path for a stream, for a whole answer, and for one turned into the other.
import type { Dialect, EncodeOptions, StreamTidy, TextWriter } from '../dialects/dialect.ts'
import type { Answer, Part, Usage } from '../dialects/part.ts'
import type { ToolNames } from '../dialects/tool-names.ts'
import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { collectAnswer } from './collect.ts'
import { createToolRestorer } from './restore-tools.ts'
import { createStopCutter } from './stop-cutter.ts'

export interface Translation {
  readonly upstream: Dialect
  readonly client: Dialect
  readonly names: ToolNames
  /** Stop sequences that upstream cannot be told of. */
  readonly stops: readonly string[]
  readonly encode: EncodeOptions
  /** The model that answers, as upstream names it: rides with the state of its reasoning. */
  readonly upstreamModel: string
  /** Sees every part that the client will get, but more of a text that has begun. */
  readonly watch: (part: Part) => void
}

/** Parts as the client's encoder wants them, each given to `take`. One object serves one answer. */
function createRefiner ({ names, stops, upstreamModel, watch }: Translation, take: (part: Part) => void): { refine: (parts: readonly Part[]) => void, isCut: () => boolean, leavesText: boolean } {
  const restore = createToolRestorer(names)
  const cutter = stops.length > 0 ? createStopCutter(stops) : null
  const give = (part: Part): void => {
    const signed: Part = part.type === 'block-end' && part.carrier !== undefined && part.carrier !== null ? { ...part, carrier: { ...part.carrier, model: upstreamModel } } : part
    watch(signed)
    take(signed)
  }
  return {
    isCut: () => cutter?.isCut() ?? false,
    leavesText: cutter === null,
    refine (parts) {
      for (const part of parts) {
        // Nearly all parts are text, of which nothing has to be restored, and nearly nobody has stops that upstream cannot be told of.
        if (part.type === 'text-delta') {
          if (cutter === null) give(part)
          else cutter.push(part).forEach(give)
        } else if (cutter === null) restore(part).forEach(give)
        else restore(part).flatMap(cutter.push).forEach(give)
      }
    },
  }
}

/** For a streaming client of a streaming upstream. */
export function createTranslator (translation: Translation): StreamTidy {
  const decoder = translation.upstream.createDecoder()
  const encoder = translation.client.createEncoder(translation.encode)
  const { refine, isCut, leavesText } = createRefiner(translation, part => {
    if (isDone) return
    if (part.type === 'usage') usage = part.usage
    out += encoder.push(part)
    if (part.type !== 'message-end') return
    out += encoder.end()
    isDone = true
  })
  let usage: Usage | null = null
  let isDone = false
  let out = ''
  const { framed } = decoder
  /** Writes more of the text of `speaking`, hundreds of pieces, until anything else is said. */
  let writer: TextWriter | null = null
  let speaking = -1

  const emit = (parts: readonly Part[]): string => {
    out = ''
    writer = null
    refine(parts)
    return out
  }
  const writerOf = (block: number): typeof writer => {
    if (leavesText && (writer === null || block !== speaking)) {
      writer = encoder.continueText(block)
      speaking = block
    }
    return writer
  }
  const pushText = (block: number, text: string): string => emit([{ type: 'text-delta', block, text }])
  const say = (block: number, text: string): string => writerOf(block)?.write(text) ?? pushText(block, text)
  return {
    plainEnd: framed?.end,
    mendPlain (text, from, end) {
      if (framed === undefined) return null
      const piece = framed.read(text, from, end)
      return piece === '' ? '' : say(framed.block(), piece)
    },
    mendPiece (piece, decode) {
      const text = framed?.readPiece(piece, decode) ?? null
      if (text === null || text === '' || framed === undefined) return text
      const block = framed.block()
      return writerOf(block)?.writeAlone(text) ?? pushText(block, text)
    },
    event (data, name) {
      const parts = decoder.push(data, name)
      const [part] = parts
      return parts.length === 1 && part?.type === 'text-delta' ? say(part.block, part.text) : emit(parts)
    },
    end () {
      const out = isDone ? '' : emit(decoder.end())
      if (!isDone) throw cutOff()
      return out
    },
    isDone: () => isDone || isCut(),
    usage: () => usage,
    fail: error => encoder.fail(error),
  }
}

/** For a client that wants the whole: watches upstream's stream and keeps what it said. */
export function createCollector (translation: Translation): StreamTidy & { readonly answer: () => Answer } {
  const decoder = translation.upstream.createDecoder()
  const parts: Part[] = []
  let usage: Usage | null = null
  const isDone = () => parts.at(-1)?.type === 'message-end'
  const { refine } = createRefiner(translation, part => {
    if (part.type === 'usage') usage = part.usage
    if (!isDone()) parts.push(part)
  })
  const keep = (more: readonly Part[]): string => {
    refine(more)
    return ''
  }
  return {
    event: (data, name) => keep(decoder.push(data, name)),
    end: () => isDone() ? '' : keep(decoder.end()),
    isDone,
    usage: () => usage,
    answer: () => collectAnswer(parts),
  }
}

/** A whole answer, refined. @throws {GatewayError} */
export function translateAnswer (answer: JsonObject, translation: Translation): { readonly parts: readonly Part[], readonly usage: Usage | null } {
  const parts: Part[] = []
  createRefiner(translation, part => { parts.push(part) }).refine(translation.upstream.decodeAnswer(answer))
  return { parts, usage: parts.findLast(part => part.type === 'usage')?.usage ?? null }
}

/** A whole answer as the client's dialect would have streamed it. */
export function streamWhole (parts: readonly Part[], { client, encode }: Pick<Translation, 'client' | 'encode'>): string {
  const encoder = client.createEncoder(encode)
  return parts.map(part => encoder.push(part)).join('') + encoder.end()
}

function cutOff (): GatewayError {
  return new GatewayError('upstream_error', 'upstream stream ended before completion')
}
