// Reads a flow as slowly as a test wants: it accepts the next piece only when the test asks for it.
import type { Body, Flow } from '../../../src/contract.ts'

export async function* piecesOf (body: Body): AsyncGenerator<Uint8Array | string> {
  if (body === null || typeof body === 'string' || body instanceof Uint8Array) {
    throw new Error('this body is not a flow')
  }
  const flow: Flow = body
  const pieces: Array<Uint8Array | string> = []
  let isOver = false
  let wake = (): void => {}
  flow.start({
    write (piece) {
      pieces.push(piece)
      wake()
      return false
    },
    end (last = '') {
      if (last.length > 0) pieces.push(last)
      isOver = true
      wake()
    },
  })
  for (;;) {
    const piece = pieces.shift()
    if (piece !== undefined) yield piece
    else if (isOver) return
    else {
      await new Promise<void>(resolve => {
        wake = resolve
        flow.resume()
      })
    }
  }
}
