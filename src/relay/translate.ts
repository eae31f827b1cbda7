// Translates an answer from upstream's dialect to the client's: decodes it to parts, restores tools, cuts at stop
// sequences, encodes it. Streams, whole answers, and streams made of whole answers take the same path.
import type { ClientDialect, EncodeOptions, StreamRepair, UpstreamDialect } from '../dialects/contract/dialect.ts'
import type { PlainDelta, PlainEvent, PlainText } from '../dialects/contract/plain-event.ts'
import type { Answer, Part, Usage } from '../dialects/contract/part.ts'
import type { ToolNames } from '../dialects/shared/tool-names.ts'
import { createDomainCheck, screenPart } from '../search/domains.ts'
import { GatewayError } from '../errors.ts'
import type { JsonObject } from '../json.ts'
import { createAnswerReader } from './answer-tool.ts'
import { collectAnswer } from './collect.ts'
import { createToolRestorer } from './restore-tools.ts'
import { createStopCutter } from './stop-cutter.ts'
import { createCallCheck } from './whole-calls.ts'

export interface Translation {
  readonly upstream: UpstreamDialect
  readonly client: ClientDialect
  readonly names: ToolNames
  /** Stop sequences that upstream does not take. */
  readonly stops: readonly string[]
  /** The tool whose arguments are the answer, if there is one. */
  readonly answerTool?: string | null
  readonly encode: EncodeOptions
  /** Upstream's id of the model: it goes with the state of its reasoning. */
  readonly upstreamModel: string
  /** Receives every part that the client will get, except deltas on the fast path. */
  readonly watch: (part: Part) => void
}

interface Refiner {
  readonly refine: (parts: readonly Part[]) => void
  /** What becomes of more input of a call, as `refine` would give it. */
  readonly refineText: (block: number, text: string) => string
  readonly isCut: () => boolean
  /** Whether texts stay texts and calls stay calls. */
  readonly leavesText: boolean
}

/** Makes the parts that the client's encoder gets, and gives each to `take`. One object serves one answer. */
function createRefiner (
  { names, stops, answerTool, upstreamModel, watch, encode }: Translation,
  take: (part: Part) => void,
): Refiner {
  const check = createCallCheck()
  const read = answerTool === null || answerTool === undefined ? null : createAnswerReader(answerTool)
  const restore = createToolRestorer(names)
  const cutter = stops.length > 0 ? createStopCutter(stops) : null
  const search = encode.prompt.webTools?.search ?? null
  const isAllowed = search === null ? null : createDomainCheck(search)
  let outputLength = 0
  let hasUsage = false
  const give = (part: Part): void => {
    // An answer that is cut here ends before upstream sends its usage, which the client and the tally need.
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
    const screened = isAllowed === null ? signed : screenPart(signed, isAllowed)
    if (screened === null) return
    watch(screened)
    take(screened)
  }
  return {
    refineText (block, text) {
      check.keep(block, text)
      return restore.text(block, text)
    },
    isCut: () => cutter?.isCut() ?? false,
    leavesText: cutter === null && read === null,
    refine (parts) {
      for (const part of read === null ? parts : parts.flatMap(read)) {
        // Nearly all parts are text, which needs no restoring, and few requests have such stop sequences.
        if (part.type === 'text-delta') {
          if (cutter === null) give(part)
          else cutter.push(part).forEach(give)
        } else if (cutter === null) restore.push(check.push(part)).forEach(give)
        else for (const left of cutter.push(part)) restore.push(check.push(left)).forEach(give)
      }
    },
  }
}

/** Assumes four characters per token. */
function estimated (input: number, outputLength: number): Usage {
  return { input: Math.max(1, Math.ceil(input)), cacheRead: 0, cacheWrite: 0,
    output: Math.max(1, Math.ceil(outputLength / 4)), reasoning: 0, nanoCredits: 0, isEstimate: true }
}

/** For a streaming client of a streaming upstream. */
export function createTranslator (translation: Translation): StreamRepair {
  const decoder = translation.upstream.createDecoder()
  const encoder = translation.client.createEncoder(translation.encode)
  const { refine, refineText, isCut, leavesText } = createRefiner(translation, part => {
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

  const emit = (parts: readonly Part[]): string => {
    out = ''
    refine(parts)
    return out
  }
  return {
    plain (event, name) {
      const delta = isDone || !leavesText ? null : decoder.plain?.(event, name) ?? null
      const written = delta && encoder.continueText?.(delta.type, delta.block)
      return written ? toPlainEvent(delta, refineText, written) : null
    },
    event: (data, name, parsed) => emit(decoder.push(data, name, parsed)),
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

/** An event whose text goes through the decoder, the checks and the encoder, and comes out as the text of another. */
function toPlainEvent (delta: PlainDelta, refineText: Refiner['refineText'], written: PlainText): PlainEvent {
  const { block, path, values, seen, take } = delta
  return { seen, counter: written.counter,
    values: [...values, { kind: 'text', path, sent: written.path === null ? [] : [written.path], take (text) {
      take(text)
      // Only the input of calls is checked and restored.
      const refined = delta.type === 'tool-call-delta' ? refineText(block, text) : text
      return refined === '' ? '' : written.take(refined)
    } }] }
}

/** Reads a stream for its parts alone. Nothing is written. @param take gets each part, refined */
export function createPartReader (translation: Translation, take: (part: Part) => void): StreamRepair {
  const decoder = translation.upstream.createDecoder()
  let usage: Usage | null = null
  let isDone = false
  const { refine } = createRefiner(translation, part => {
    if (isDone) return
    if (part.type === 'usage') usage = part.usage
    isDone = part.type === 'message-end'
    take(part)
  })
  const read = (parts: readonly Part[]): string => {
    refine(parts)
    return ''
  }
  return {
    event: (data, name, parsed) => read(decoder.push(data, name, parsed)),
    end: () => isDone ? '' : read(decoder.end()),
    isDone: () => isDone,
    usage: () => usage,
  }
}

/** For a client that wants a whole answer: collects upstream's stream. */
export function createCollector (translation: Translation): StreamRepair & { readonly answer: () => Answer } {
  const parts: Part[] = []
  const reader = createPartReader(translation, part => {
    parts.push(part)
  })
  return { ...reader, answer: () => collectAnswer(parts) }
}

/** A whole answer, refined. @throws {GatewayError} */
export function translateAnswer (
  answer: JsonObject,
  translation: Translation,
): { readonly parts: readonly Part[], readonly usage: Usage | null } {
  const parts: Part[] = []
  const decoded = translation.upstream.decodeAnswer(answer)
  // The usage comes last, where a stop sequence may cut it off.
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
