// Reads the settings on Node: from the environment, and below it from `.env` in the working directory. No other file
// reads them.
import dotenv from 'dotenv'

export type Environment = Readonly<Record<string, string | undefined>>

export function readEnvironment (): Environment {
  dotenv.config({ quiet: true })
  return process.env
}

/** What another process has read and passed on. */
export function inheritedEnvironment (): Environment {
  return process.env
}
