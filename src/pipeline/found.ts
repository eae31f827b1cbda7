// The result of looking for a route, and the refusals that follow from it.
import { GatewayError } from '../errors.ts'
import type { StepRefusal } from './arrival.ts'

export type Found = { readonly kind: 'route' | 'preflight' | 'malformed' | 'none' } | { readonly kind: 'wrong-method',
  readonly allow: string }

export function refusalOfRoute (found: Found, method: string): StepRefusal {
  switch (found.kind) {
    case 'none':
      return new GatewayError('not_found', 'There is no such route. The API is below /<username>/v1.')
    case 'wrong-method':
      return new GatewayError('method_not_allowed', `${method} is not a method of this route.`, {
        headers: { allow: found.allow },
      })
    default:
      return undefined
  }
}
