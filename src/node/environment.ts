// Reads the settings on Node: from the environment, and below it from `.env` in the working directory. No other file
// reads them.
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'

export type Environment = Readonly<Record<string, string | undefined>>

export function readEnvironment (): Environment {
  for (const [name, value] of Object.entries(parseEnv(readFile()))) process.env[name] ??= value
  return process.env
}

/** An editor on Windows may put a byte order mark in front of the first name. */
function readFile (): string {
  try {
    return readFileSync('.env', 'utf8').replace(/^\uFEFF/, '')
  } catch {
    return ''
  }
}
