// The error of a stream that ends before its answer is complete: `docs/spec/translation.md#rule-5`.
import { GatewayError } from '../../errors.ts'

export function cutOff (): GatewayError {
  return new GatewayError('upstream_error', 'upstream stream ended before completion')
}
