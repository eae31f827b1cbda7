// Implements the core's `Log` with pino. Code names each field that it logs, and errors pass the filter of `scrub.ts`.
import { pino, type DestinationStream } from 'pino'
import type { Config } from '../config.ts'
import type { Log, LogFields } from '../contract.ts'
import { scrub, scrubError } from '../scrub.ts'

/**
 * Lines wait for so many characters or milliseconds: a system call for each line would be part of every request's cost.
 * sonic-boom can wait too, but copies all waiting lines for each new one.
 */
const batch = { length: 16_384, ms: 250 } as const
/** Characters. Linux writes as many bytes into a pipe as one piece, even if others write too: PIPE_BUF. */
export const pipeAtomic = 4_096
/** Bytes. Lines are dropped while the output blocks. */
const maxWaiting = 1_048_576

/**
 * @param given replaces standard output, and gets every line at once
 * @param longest characters of one write, if other processes write to the same output
 */
export function createLog (level: Config['logLevel'], given?: DestinationStream, longest = Infinity): Log {
  const { destination, flush } = given === undefined ? standardOutput(longest) : { destination: given, flush () {} }
  const logger = pino({ level, base: null, timestamp, formatters: { level: (label: string) => ({ level: label }) } },
    destination)

  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: LogFields, message: string) => {
    if (!logger.isLevelEnabled(level)) return
    if (fields.detail === undefined && fields.err === undefined) destination.write(plainLine(level, fields, message))
    else logger[level](filtered(fields), message)
    // Request lines are many and may wait. Events of the process are flushed at once, because each may be the last.
    if (level === 'warn' || level === 'error' || fields.event !== undefined) flush()
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

function standardOutput (longest: number): { destination: DestinationStream, flush: () => void } {
  const output = pino.destination({ dest: 1, sync: true, maxLength: maxWaiting })
  output.on('error', () => {}) // If the log cannot be written, the process continues.
  let lines: string[] = []
  let length = 0
  const flush = () => {
    if (length === 0) return
    output.write(lines.join(''))
    lines = []
    length = 0
  }
  process.once('exit', flush)
  setInterval(flush, batch.ms).unref()
  return { flush, destination: {
    write (line) {
      if (length + line.length > longest) flush()
      lines.push(line)
      length += line.length
      if (length >= batch.length) flush()
    },
  } }
}

/**
 * Writes the line as pino would, with one call of JSON.stringify: almost all lines are about requests, and pino would
 * run all its features for each.
 */
function plainLine (level: string, fields: LogFields, message: string): string {
  const text = JSON.stringify(fields)
  return `{"level":"${level}"${timestamp()}${text === '{}' ? '' : `,${text.slice(1, -1)}`},"msg":${
    JSON.stringify(message)
  }}\n`
}

/** Fields whose text may come from outside. */
function filtered ({ err, detail, ...fields }: LogFields): LogFields {
  return { ...fields, ...(detail === undefined ? {} : { detail: scrub(detail) }),
    ...(err === undefined ? {} : { err: scrubError(err) }) }
}

let minute = NaN
let upToMinute = ''

/** The time as ISO 8601. In a busy minute, only the seconds and milliseconds are formatted. */
function timestamp (): string {
  const now = Date.now()
  const since = now % 60_000
  if (now - since !== minute) {
    minute = now - since
    upToMinute = `,"time":"${new Date(minute).toISOString().slice(0, 17)}`
  }
  const digits = String(100_000 + since)
  return `${upToMinute}${digits.slice(1, 3)}.${digits.slice(3)}Z"`
}
