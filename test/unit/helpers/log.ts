// A log that keeps its lines.
import type { Log, LogFields } from '../../../src/contract.ts'

export interface Line {
  readonly level: string
  readonly message: string
  readonly fields: LogFields
}

export function createTestLog (): Log & { readonly lines: Line[] } {
  const lines: Line[] = []
  const write = (level: string) => (fields: LogFields, message: string) => {
    lines.push({ level, fields, message })
  }
  return { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error') }
}
