// Where settings come from on Node: the environment, and beneath it `.env` in the working directory. Read here alone.
import dotenv from 'dotenv'

export type Environment = Readonly<Record<string, string | undefined>>

export function readEnvironment (): Environment {
  dotenv.config({ quiet: true })
  return process.env
}
