// Reads server-sent events from bytes, in linear work: https://html.spec.whatwg.org/multipage/server-sent-events.html
// It reads only `data`.

/**
 * @param {(data: string) => void} onData called with the data of each event
 * @returns {(bytes: Uint8Array) => void} takes the next bytes
 */
export function createEventReader (onData) {
  const utf8 = new TextDecoder()
  let partial = ''
  /** @type {string | null} */
  let data = null
  return bytes => {
    const lines = (partial + utf8.decode(bytes, { stream: true })).split(/\r\n|\n|\r(?!$)/)
    partial = lines.pop() ?? ''
    for (const line of lines) {
      if (line === '') {
        if (data !== null) onData(data)
        data = null
      } else if (line.startsWith('data:')) {
        const value = line.slice(line[5] === ' ' ? 6 : 5)
        data = data === null ? value : `${data}\n${value}`
      }
    }
  }
}
