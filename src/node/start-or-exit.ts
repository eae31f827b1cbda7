// A start that fails ends the process with one line for each problem, and exit code 1.
import { ConfigError, readConfig, type Config } from '../config.ts'
import type { Environment } from './environment.ts'

export function readConfigOrExit (env: Environment): Config {
  try {
    return readConfig(env)
  } catch (thrown) {
    if (thrown instanceof ConfigError) exitWith(thrown)
    throw thrown
  }
}

export function exitWith (thrown: unknown): never {
  process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
  process.exit(1)
}
