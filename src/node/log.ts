// pino behind the core's `Log`. Only fields that were named are written, and what an error says passes a filter that
// knows what secrets look like: the last resort, not the rule.
import { pino, type DestinationStream, type Logger } from 'pino'
import type { Config } from '../config.ts'
import type { Log, LogFields } from '../contract.ts'

const secrets = /gh[a-z]_\w+|github_pat_\w+|acpc-\w{10}|tid=[^\s"]+|Bearer \S+|token gh\S+/g

export function scrub (text: string): string {
  return text.replaceAll(secrets, '[secret]')
}

export function createLogger (level: Config['logLevel'], destination?: DestinationStream): Logger {
  const options = { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, formatters: { level: (label: string) => ({ level: label }) } }
  return destination === undefined ? pino(options) : pino(options, destination)
}

export function toLog (logger: Logger): Log {
  const write = (level: 'debug' | 'info' | 'warn' | 'error') => ({ err, detail, ...fields }: LogFields, message: string) => {
    if (!logger.isLevelEnabled(level)) return
    logger[level]({ ...fields, ...(detail === undefined ? {} : { detail: scrub(detail) }), ...(err === undefined ? {} : { err: toPlain(err) }) }, message)
  }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}

/** Type, message and stack, and the same of the cause behind it. */
function toPlain (thrown: unknown, depth = 0): object {
  if (!(thrown instanceof Error)) return { message: scrub(String(thrown)).slice(0, 1_000) }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? { code: thrown.code } : {}
  return {
    type: thrown.name, ...code, message: scrub(thrown.message).slice(0, 1_000), stack: scrub(thrown.stack ?? '').slice(0, 4_000),
    ...(thrown.cause === undefined || depth > 2 ? {} : { cause: toPlain(thrown.cause, depth + 1) }),
  }
}
