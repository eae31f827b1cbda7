// Tells whether another piece follows in what undici read from the socket in one go.
//
// Why: a burst of chunks is then scanned and sent as one piece. HTTP's parser hands over each chunk by itself.
// Relies on: undici's pieces are views of the buffer that the socket was read into. A chunk ends in a line end of its
// own (RFC 9112 section 7.1), so two more bytes belong to it.
// Check: the view ends before its buffer does. It is a guess: a buffer may be larger than what was read into it. The
// receiver therefore waits no longer than until the promises that are ready have run.
// Without it: false, and each piece is sent by itself, only with more work.
// Remove: when undici's handler tells where a read ends, or hands over whole reads.

export function pieceFollows ({ buffer, byteOffset, length }: Uint8Array): boolean {
  return byteOffset + length + 2 < buffer.byteLength
}
