// What a command is given by the process that runs it; tests bring their own.
import type { Clock, Log } from '../../contract.ts'
import type { Environment } from '../environment.ts'

export interface Io {
  readonly env: Environment
  readonly clock: Clock
  /** A line of the result. */
  readonly out: (line: string) => void
  /** A line beside it: progress, complaints. */
  readonly err: (line: string) => void
  /** A line that is typed or piped in, and not shown. Null where none comes. */
  readonly ask: (question: string) => Promise<string | null>
}

/** @returns the exit code: 0 when all is well, 1 when something failed. @throws {UsageError} when called wrongly */
export type Command = (args: readonly string[], io: Io) => Promise<number>

/** What a server would log, a command says in its result. */
export const silent: Log = { debug () {}, info () {}, warn () {}, error () {} }

/** Its message is shown above the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Text of others' making, for a terminal: no control characters, no marks that turn its direction. */
export function plain (text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
}
