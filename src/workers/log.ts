// Implements the core's `Log` as lines of JSON on the console: `wrangler tail` and Workers Logs read them field by
// field. The fields and the filter are the same as on Node.
import type { Config } from '../config.ts'
import type { Log, LogFields } from '../contract.ts'
import { scrub, scrubError } from '../scrub.ts'

/** pino's numbers. */
const severity = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60, silent: Infinity } as const

export type Print = Pick<Console, 'log' | 'warn' | 'error'>

export function createConsoleLog (level: Config['logLevel'], print: Print = globalThis.console, now = Date.now): Log {
  const write =
    (own: 'debug' | 'info' | 'warn' | 'error') => ({ err, detail, ...fields }: LogFields, message: string) => {
      if (severity[own] < severity[level]) return
      const line = JSON.stringify({
        level: own,
        time: new Date(now()).toISOString(),
        ...fields,
        ...(detail === undefined ? {} : { detail: scrub(detail) }),
        ...(err === undefined ? {} : { err: scrubError(err) }),
        msg: message,
      })
      print[own === 'warn' || own === 'error' ? own : 'log'](line)
    }
  return { debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
