// Limits on the account routes by client address. Every limit refuses with the same bytes, so the refusal does not
// reveal whether a user name exists.
import type { Config } from '../config.ts'
import { GatewayError } from '../errors.ts'

/** Cloudflare counts by address over one minute. */
const leastSeconds = 60

export function tooManyAttempts (
  { registrationsPer10Minutes: registrations, authFailuresPerMinute: failures }: Pick<Config,
    'registrationsPer10Minutes' | 'authFailuresPerMinute'>,
): GatewayError {
  const paces = [leastSeconds, registrations > 0 ? 600 / registrations : 0, failures > 0 ? 60 / failures : 0]
  return new GatewayError('rate-limited', 'Too many attempts from this address. Try again later.', {
    retryAfterSeconds: Math.max(...paces),
  })
}
