// An answer on its way from upstream's dialect to the client's: decoded to parts, tools and stops put right, encoded.
// The same path for a stream, for a whole answer, and for one turned into the other.
import type { Dialect, EncodeOptions, StreamRepair, TextWriter } from '../dialects/contract/dialect.ts'
import type { Answer, Part, Usage } from '../dialects/contract/part.ts'
import type { ToolNames } from '../dialects/shared/tool-names.ts'
import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { createAnswerReader } from './answer-tool.ts'
import { collectAnswer } from './collect.ts'
import { createToolRestorer } from './restore-tools.ts'
import { createStopCutter } from './stop-cutter.ts'
import { createCallCheck } from './whole-calls.ts'

export interface Translation {
  readonly upstream: Dialect
  readonly client: Dialect
  readonly names: ToolNames
  /** Stop sequences that upstream cannot be told of. */
  readonly stops: readonly string[]
  /** The tool whose arguments are the answer; none where the answer is what it seems. */
  readonly answerTool?: string | null
  readonly encode: EncodeOptions
  /** The model that answers, as upstream names it: rides with the state of its reasoning. */
  readonly upstreamModel: string
  /** Sees every part that the client will get, but more of a text that has begun. */
  readonly watch: (part: Part) => void
}

/** Parts as the client's encoder wants them, each given to `take`. One object serves one answer. */
function createRefiner (
  { names, stops, answerTool, upstreamModel, watch, encode }: Translation,
  take: (part: Part) => void,
): { refine: (parts: readonly Part[]) => void, isCut: () => boolean, leavesText: boolean } {
  const check = createCallCheck()
  const read = answerTool === null || answerTool === undefined ? null : createAnswerReader(answerTool)
  const restore = createToolRestorer(names)
  const cutter = stops.length > 0 ? createStopCutter(stops) : null
  let outputLength = 0
  let hasUsage = false
  const give = (part: Part): void => {
    // An answer that is cut here ends before upstream tells what it cost, but the client and the tally ask for it.
    if (cutter !== null) {
      if (part.type.endsWith('-delta') && 'text' in part) outputLength += part.text.length
      hasUsage ||= part.type === 'usage'
      if (part.type === 'message-end' && !hasUsage) {
        give({ type: 'usage', usage: estimated(encode.inputEstimate, outputLength) })
      }
    }
    const signed: Part = part.type === 'block-end' && part.carrier !== undefined && part.carrier !== null
      ? { ...part, carrier: { ...part.carrier, model: upstreamModel } }
      : part
    watch(signed)
    take(signed)
  }
  return {
    isCut: () => cutter?.isCut() ?? false,
    leavesText: cutter === null && read === null,
    refine (parts) {
      for (const part of read === null ? parts : parts.flatMap(read)) {
        // Nearly all parts are text, of which nothing has to be restored, and nearly nobody has stops that upstream
        // cannot be told of.
        if (part.type === 'text-delta') {
          if (cutter === null) give(part)
          else cutter.push(part).forEach(give)
        } else if (cutter === null) restore(check(part)).forEach(give)
        else for (const left of cutter.push(part)) restore(check(left)).forEach(give)
      }
    },
  }
}

/** Four characters a token. */
function estimated (input: number, outputLength: number): Usage {
  return { input: Math.max(1, Math.ceil(input)), cacheRead: 0, cacheWrite: 0,
    output: Math.max(1, Math.ceil(outputLength / 4)), reasoning: 0, nanoCredits: 0 }
}

/** For a streaming client of a streaming upstream. */
export function createTranslator (translation: Translation): StreamRepair {
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
    repairPlain (text, from, end) {
      if (framed === undefined) return null
      const piece = framed.read(text, from, end)
      return piece === '' ? '' : say(framed.block(), piece)
    },
    repairPiece (piece, decode) {
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
export function createCollector (translation: Translation): StreamRepair & { readonly answer: () => Answer } {
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
export function translateAnswer (
  answer: JsonObject,
  translation: Translation,
): { readonly parts: readonly Part[], readonly usage: Usage | null } {
  const parts: Part[] = []
  const decoded = translation.upstream.decodeAnswer(answer)
  // What it cost stands at the end, which a stop sequence may cut off.
  const usage = decoded.filter(part => part.type === 'usage')
  createRefiner(translation, part => {
    parts.push(part)
  }).refine(
    usage.length === 0
      ? decoded
      : [...decoded.slice(0, 1), ...usage, ...decoded.slice(1).filter(part => part.type !== 'usage')],
  )
  return { parts, usage: parts.findLast(part => part.type === 'usage')?.usage ?? null }
}

/** A whole answer as the client's dialect would have streamed it. */
export function streamWhole (
  parts: readonly Part[],
  { client, encode }: Pick<Translation, 'client' | 'encode'>,
): string {
  const encoder = client.createEncoder(encode)
  return parts.map(part => encoder.push(part)).join('') + encoder.end()
}

function cutOff (): GatewayError {
  return new GatewayError('upstream_error', 'upstream stream ended before completion')
}
