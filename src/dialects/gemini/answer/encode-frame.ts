// The two forms of a stream: events, and one JSON array that grows. Clients choose by `alt=sse`.
// `docs/spec/gemini.md#stream`.
import type { GatewayError } from '../../../errors.ts'
import { toGoogleError } from '../errors.ts'

export interface Frame {
  readonly write: (json: string) => string
  readonly end: () => string
  readonly fail: (error: GatewayError) => string
}

/** Some clients only read errors that are events, and some only those that are none: they get both. */
export function createEventFrame (): Frame {
  return {
    write: json => `data: ${json}\r\n\r\n`,
    end: () => '',
    fail: failEvents,
  }
}

export function failEvents (error: GatewayError): string {
  const json = JSON.stringify(toGoogleError(error))
  return `data: ${json}\r\n\r\n${json}`
}

export function createArrayFrame (): Frame {
  let isBegun = false
  const write = (json: string): string => {
    const before = isBegun ? ',\r\n' : '['
    isBegun = true
    return before + json
  }
  return {
    write,
    end: () => isBegun ? ']' : '[]',
    fail: error => `${write(JSON.stringify(toGoogleError(error)))}]`,
  }
}

export function failArray (error: GatewayError): string {
  return createArrayFrame().fail(error)
}
