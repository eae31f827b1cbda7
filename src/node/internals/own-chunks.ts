// Frames the chunks of an answer itself (RFC 9112 section 7.1) and writes them straight to the socket.
//
// Why: a piece of a few tokens is then one small write. Node makes four of it (size, line end, piece, line end),
// collects them, and sends them in the next turn.
// Relies on: `chunkedEncoding` of a ServerResponse, which is not documented. Node reads it before each write.
// Check: the property is true, and stays false when it is set to false.
// Without it: null, and the caller writes with `response.write`.
// Remove: when `response.write` sends a chunk as one write in the same turn.
import type { ServerResponse } from 'node:http'
import type { Sink } from '../../contract.ts'

/** Call it after `writeHead`. @param resume called when the socket can take more */
export function createOwnChunks (response: ServerResponse, resume: () => void): Sink | null {
  if (!takeFraming(response)) return null
  let isBegun = false
  let isFull = false
  const onDrain = () => {
    isFull = false
    resume()
  }
  const send = (chunk: Buffer): boolean => {
    const { socket } = response
    // Node sends the headers, together with the first chunk. It also keeps what must wait for another answer on the
    // connection, and drops what follows after the client ended it.
    if (!isBegun || socket?.writable !== true) {
      isBegun = true
      return response.write(chunk)
    }
    if (socket.write(chunk)) return true
    if (!isFull) socket.once('drain', onDrain)
    isFull = true
    return false
  }
  const write = (piece: Uint8Array | string): boolean => {
    if (piece.length === 0 || response.destroyed) return true // an empty chunk would be the last
    const length = Buffer.byteLength(piece)
    if (length <= copiedBytes) return send(toChunk(piece, length, ''))
    isBegun = true
    response.write(`${length.toString(16)}\r\n`, 'latin1')
    response.write(piece)
    return response.write('\r\n', 'latin1')
  }
  return {
    write,
    end (last = '') {
      const length = Buffer.byteLength(last)
      if (length > copiedBytes) write(last)
      if (response.destroyed) return
      response.end(length === 0 || length > copiedBytes ? lastChunk : toChunk(last, length, lastChunk))
    },
  }
}

/** The header of the answer names chunks already. From here on, the property only decides who frames them. */
function takeFraming (response: ServerResponse): boolean {
  if (response.chunkedEncoding !== true) return false
  response.chunkedEncoding = false
  return !response.chunkedEncoding
}

/** Longer pieces are not copied: a hundred slow readers would each hold a second copy. */
const copiedBytes = 4_096
const lastChunk = '0\r\n\r\n'
const digits = Buffer.from('0123456789abcdef')

/** @param behind ASCII that follows the chunk */
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
