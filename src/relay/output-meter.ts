// Counts the characters of an answer while it streams, for the price of a stream that ends before its last event. It
// reads each event a second time, so only calls of keys with a cap pass it. Linear in the bytes.
import type { BodyReader, UpstreamBody } from '../body.ts'
import { isObject, parseObjectWithin, type JsonObject } from '../json.ts'

export interface OutputMeter {
  /** Passes all pieces on as they are. */
  readonly body: UpstreamBody
  /** The text, the reasoning and the arguments of tools so far. */
  readonly characters: () => number
}

/** A longer line is an error for the relay. In characters. */
const maxLine = 2_097_152
const fields = ['content', 'text', 'thinking', 'partial_json', 'reasoning_text', 'reasoning_content', 'arguments']

export function meterOutput (body: UpstreamBody): OutputMeter {
  const decoder = new TextDecoder()
  let held: string[] = []
  let heldLength = 0
  let characters = 0
  return { characters: () => characters, body: {
    ...body.decode === undefined ? {} : { decode: body.decode },
    start (reader) {
      body.start(metered(reader))
    },
    pause () {
      body.pause()
    },
    resume () {
      body.resume()
    },
    cancel () {
      body.cancel()
    },
  } }

  function metered (reader: BodyReader): BodyReader {
    return {
      bytes (piece, hasMore) {
        read(decoder.decode(piece, { stream: true }))
        reader.bytes(piece, hasMore)
      },
      end () {
        reader.end()
      },
      fail (reason) {
        reader.fail(reason)
      },
    }
  }

  function read (text: string): void {
    const lines = text.split('\n')
    const rest = lines.pop() ?? ''
    for (const line of lines) {
      characters += lengthOfLine(held.length === 0 ? line : held.join('') + line)
      held = []
      heldLength = 0
    }
    heldLength += rest.length
    if (rest !== '' && heldLength <= maxLine) held.push(rest)
  }
}

function lengthOfLine (line: string): number {
  if (!line.startsWith('data:')) return 0
  const data = line.slice(5).trim()
  if (data.startsWith('"')) return lengthOfPiece(data)
  const event = data.startsWith('{') ? parseObjectWithin(data) : null
  return event === null ? 0 : lengthOfEvent(event)
}

/** Answers that the gateway puts together arrive as pieces of the client's stream, which may cut an event. */
function lengthOfPiece (data: string): number {
  const piece = parseObjectWithin(`{"piece":${data}}`)?.['piece']
  return typeof piece === 'string' ? piece.split('\n').reduce((sum, line) => sum + lengthOfLine(line), 0) : 0
}

/** An event that repeats the whole text has no `delta`. */
function lengthOfEvent ({ delta, choices, candidates }: JsonObject): number {
  if (typeof delta === 'string') return delta.length
  if (isObject(delta)) return lengthOfFields(delta)
  return sumOf(choices, choice => isObject(choice['delta']) ? lengthOfFields(choice['delta']) : 0)
    + sumOf(candidates, ({ content }) => isObject(content) ? sumOf(content['parts'], lengthOfFields) : 0)
}

function lengthOfFields (delta: JsonObject): number {
  return fields.reduce((sum, name) => sum + lengthOf(delta[name]), 0)
    + sumOf(delta['tool_calls'], call => isObject(call['function']) ? lengthOf(call['function']['arguments']) : 0)
}

function sumOf (values: unknown, measure: (value: JsonObject) => number): number {
  return Array.isArray(values)
    ? values.reduce((sum: number, value) => sum + (isObject(value) ? measure(value) : 0), 0)
    : 0
}

function lengthOf (value: unknown): number {
  return typeof value === 'string' ? value.length : 0
}
