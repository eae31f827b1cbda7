// pino behind the core's `Log`. Only fields that were named are written, and errors pass the filter of `scrub.ts`.
import { pino, type DestinationStream } from 'pino'
import type { Config } from '../config.ts'
import type { Log, LogFields } from '../contract.ts'
import { scrub, scrubError } from '../scrub.ts'

/** Lines wait for so many bytes, or so many milliseconds, and are dropped where nothing takes them: a system call for each would be a part of what a request costs. sonic-boom wants `maxWrite`, 16 KiB by itself, above `minLength`. */
const batch = { minLength: 16_384, maxWrite: 32_768, periodicFlush: 250, maxLength: 1_048_576 } as const

/** @param given in place of standard output, which gets every line at once */
export function createLog (level: Config['logLevel'], given?: DestinationStream): Log {
  const { destination, flush } = given === undefined ? standardOutput() : { destination: given, flush () {} }
  const logger = pino({ level, base: null, timestamp, formatters: { level: (label: string) => ({ level: label }) } }, destination)

  const write = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: LogFields, message: string) => {
    if (!logger.isLevelEnabled(level)) return
    if (fields.detail === undefined && fields.err === undefined) destination.write(plainLine(level, fields, message))
    else logger[level](filtered(fields), message)
    // Requests come by the thousand and may wait; what happens to the process itself is told at once, for it may be the last word.
    if (level === 'warn' || level === 'error' || fields.event !== undefined) flush()
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

function standardOutput (): { destination: DestinationStream, flush: () => void } {
  const destination = pino.destination({ dest: 1, sync: true, ...batch })
  destination.on('error', () => {})   // a log that cannot be written must neither end nor hold up what it tells of
  const flush = () => { destination.flush() }
  process.once('exit', flush)
  return { destination, flush }
}

/** The line that pino would write, by one call of the engine's own: nearly all lines are of requests, and each would pass all that pino can do. */
function plainLine (level: string, fields: LogFields, message: string): string {
  const text = JSON.stringify(fields)
  return `{"level":"${level}"${timestamp()}${text === '{}' ? '' : `,${text.slice(1, -1)}`},"msg":${JSON.stringify(message)}}\n`
}

/** What somebody else may have worded. */
function filtered ({ err, detail, ...fields }: LogFields): LogFields {
  return { ...fields, ...(detail === undefined ? {} : { detail: scrub(detail) }), ...(err === undefined ? {} : { err: scrubError(err) }) }
}

let minute = NaN
let upToMinute = ''

/** The time as ISO 8601, of which a busy minute writes seconds and milliseconds only. */
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
