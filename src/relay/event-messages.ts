// Cuts the stream that a client over HTTP would get into messages: the data of each event is one. The stream has passed
// the relay, so its lines end with a line feed. Linear in the bytes, however an event is cut.
import { readEvent } from './event-lines.ts'

export interface EventMessages {
  readonly push: (piece: Uint8Array | string) => void
}

const separator = '\n\n'

/** @param send takes the JSON of an event @param ping called for a comment, which keeps a waiting client alive */
export function createEventMessages (send: (data: string) => void, ping: () => void): EventMessages {
  const decoder = new TextDecoder()
  /** Pieces of the event that is not complete. */
  let held: string[] = []
  /** Whether the held pieces end with a line feed: another one right behind it ends the event. */
  let atLineStart = false

  return {
    push (piece) {
      const text = typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true })
      if (text === '') return
      let from = 0
      if (atLineStart && text.startsWith('\n')) {
        dispatch('')
        from = 1
      }
      for (let at = text.indexOf(separator, from); at !== -1; at = text.indexOf(separator, from)) {
        dispatch(text.slice(from, at))
        from = at + separator.length
      }
      if (from < text.length) held.push(from === 0 ? text : text.slice(from))
      atLineStart = held.length > 0 && text.endsWith('\n')
    },
  }

  function dispatch (rest: string): void {
    const event = held.length === 0 ? rest : [...held, rest].join('')
    held = []
    if (event.startsWith(':')) ping()
    const data = dataOf(event)
    if (data.startsWith('{')) send(data)
  }
}

/** Empty for a comment. Most events have one line of data, perhaps with a name in front. */
function dataOf (event: string): string {
  const from = event.startsWith('event: ') ? event.indexOf('\n') + 1 : 0
  return event.startsWith('data: ', from) && event.indexOf('\n', from + 6) === -1
    ? event.slice(from + 6)
    : readEvent(event).data
}
