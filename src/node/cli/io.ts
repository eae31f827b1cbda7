// The process's input and output as a command sees them. Tests pass in their own.
import type { Clock, Log } from '../../contract.ts'
import type { Environment } from '../environment.ts'

export interface Io {
  readonly env: Environment
  readonly clock: Clock
  /** Writes a line of the result. */
  readonly out: (line: string) => void
  /** Writes progress or a complaint, outside the result. */
  readonly err: (line: string) => void
  /** Reads a typed or piped line without echo. Null if there is none. */
  readonly ask: (question: string) => Promise<string | null>
}

/** @returns the exit code: 0 on success, 1 if something failed. @throws {UsageError} for wrong arguments */
export type Command = (args: readonly string[], io: Io) => Promise<number>

/** Commands do not log: their result says everything. */
export const silent: Log = { debug () {}, info () {}, warn () {}, error () {} }

/** The command line shows its message above the usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** Makes untrusted text safe for a terminal: removes control characters and marks that turn the text direction. */
export function plain (text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ')
}
