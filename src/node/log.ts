// pino behind the core's `Log`. Only fields that were named are written, and errors pass the filter of `scrub.ts`.
import { pino, type DestinationStream, type Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Log, LogFields } from '../contract.ts'
import { scrub, scrubError } from '../scrub.ts'

export function createLogger (level: Config['logLevel'], destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label: string) => ({ level: label }) } }
  return destination === undefined ? pino(options) : pino(options, destination)
}

export function toLog (logger: Logger): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => ({ err, detail, ...fields }: LogFields, message: string) => {
    if (!logger.isLevelEnabled(level)) return
    logger[level]({ ...fields, ...(detail === undefined ? {} : { detail: scrub(detail) }), ...(err === undefined ? {} : { err: scrubError(err) }) }, message)
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
