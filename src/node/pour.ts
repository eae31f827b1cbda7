// A flow straight into Node's response, with back-pressure. Fastify sends streams only: a Readable, its pipe and their
// promises would stand between each piece and the socket, and cost as much as the rest of the relay.
import type { ServerResponse } from 'node:http'
import type { Flow, Sink } from '../contract.ts'

/** Behind `writeHead`. */
export function pour (flow: Flow, raw: ServerResponse): void {
  raw.on('error', () => {}) // whoever has to hear of it hears of the close
  const resume = () => {
    flow.resume()
  }
  raw.on('drain', resume)
  flow.start(raw.chunkedEncoding ? toChunks(raw, resume) : toSink(raw))
  // A status that is known is not kept until the first token.
  setImmediate(() => {
    if (!raw.destroyed && !raw.writableEnded) raw.flushHeaders()
  })
}

/** What is written to a response whose client has gone is nobody's, and no error. */
function toSink (raw: ServerResponse): Sink {
  return {
    write: piece => raw.destroyed || raw.write(piece),
    end (last) {
      if (!raw.destroyed) raw.end(last)
    },
  }
}

/**
 * The same, framed here (RFC 9112 section 7.1), and written straight to the socket: a piece of a few tokens is one
 * small write then. Node would make four of it, size, line end, piece and line end, collect them, and send them in the
 * next turn.
 */
function toChunks (raw: ServerResponse, resume: () => void): Sink {
  raw.chunkedEncoding = false // the header says it already; from here on it is about who frames
  let isBegun = false
  let isFull = false
  const onDrain = () => {
    isFull = false
    resume()
  }
  const send = (chunk: Buffer): boolean => {
    const { socket } = raw
    // The headers go with the first chunk. While another answer is under way on the connection, or the client has ended
    // it, it is Node's.
    if (!isBegun || socket?.writable !== true) {
      isBegun = true
      return raw.write(chunk)
    }
    if (socket.write(chunk)) return true
    if (!isFull) socket.once('drain', onDrain)
    isFull = true
    return false
  }
  const write = (piece: Uint8Array | string): boolean => {
    if (piece.length === 0 || raw.destroyed) return true // an empty chunk would be the last
    const length = Buffer.byteLength(piece)
    if (length <= copiedBytes) return send(toChunk(piece, length, ''))
    isBegun = true
    raw.write(`${length.toString(16)}\r\n`, 'latin1')
    raw.write(piece)
    return raw.write('\r\n', 'latin1')
  }
  return {
    write,
    end (last = '') {
      const length = Buffer.byteLength(last)
      if (length > copiedBytes) write(last)
      if (!raw.destroyed) raw.end(length === 0 || length > copiedBytes ? lastChunk : toChunk(last, length, lastChunk))
    },
  }
}

/** What is longer is not copied once more: a hundred slow readers would hold it. */
const copiedBytes = 4_096
const lastChunk = '0\r\n\r\n'
const digits = Buffer.from('0123456789abcdef')

/** @param behind what follows it, of ASCII */
function toChunk (piece: Uint8Array | string, length: number, behind: string): Buffer {
  const width = length > 0xfff ? 4 : length > 0xff ? 3 : length > 0xf ? 2 : 1
  const from = width + 2
  const end = from + length
  const chunk = Buffer.allocUnsafe(end + 2 + behind.length)
  for (let at = 0; at < width; at++) chunk[at] = digits[(length >> (4 * (width - 1 - at))) & 0xf] ?? 0
  chunk[width] = chunk[end] = 0x0d
  chunk[width + 1] = chunk[end + 1] = 0x0a
  if (typeof piece === 'string') chunk.write(piece, from)
  else chunk.set(piece, from)
  if (behind !== '') chunk.write(behind, end + 2)
  return chunk
}
