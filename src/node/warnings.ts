// Warnings about settings with which the proxy can start: shown at the start and by the doctor.
import { isLoopback, type Config } from '../config.ts'

export function warningsOf (config: Pick<Config, 'warnings' | 'registration' | 'host'>): readonly string[] {
  const isOpen = config.registration === 'open' && !isLoopback(config.host)
  return isOpen
    ? [...config.warnings,
      'REGISTRATION is open on an address beyond loopback: anyone who reaches it can make a user. Set '
      + 'REGISTRATION=code or closed.']
    : config.warnings
}
