// The errors of Copilot answers that fail in the middle: one wording for every reader.
import { GatewayError } from '../errors.ts'

export function fellSilent (): GatewayError {
  return new GatewayError('upstream_timeout', 'Copilot stopped sending in the middle of its answer.')
}

export function brokeOff (cause: unknown): GatewayError {
  return new GatewayError('upstream_error', 'The connection to Copilot broke in the middle of its answer.', { cause })
}
