// Reads a user's password for a command. Never from an argument: process lists and the shell's history show arguments.
import { UsageError, type Io } from './io.ts'

/** @throws {UsageError} when neither the environment nor standard input provides one */
export async function readPassword ({ env, ask }: Io): Promise<string> {
  const given = env['COPILOT_PROXY_PASSWORD'] ?? await ask('password: ') ?? ''
  if (given.trim() === '') {
    throw new UsageError("The user's password comes from standard input, or from COPILOT_PROXY_PASSWORD.")
  }
  return given.trim()
}
