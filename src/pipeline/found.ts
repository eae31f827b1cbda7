// The result of looking for a route, and the refusals that follow from it. They name the requested path, and the one
// that works.
import { GatewayError } from '../errors.ts'
import type { Route } from '../route.ts'
import type { StepRefusal } from './arrival.ts'
import { createPathHint, shownPath } from './suggest-path.ts'

export type Found = { readonly kind: 'route' | 'preflight' | 'malformed' | 'none' } | { readonly kind: 'wrong-method',
  readonly allow: string }

export type RefuseRoute = (found: Found, method: string, path: string) => StepRefusal

export function createRouteRefusals (routes: readonly Pick<Route, 'path' | 'scope'>[]): RefuseRoute {
  const hint = createPathHint(routes)
  return (found, method, path) => {
    switch (found.kind) {
      case 'none':
        return new GatewayError('not_found', hint(path))
      case 'wrong-method':
        return wrongMethod(method, path, found.allow)
      default:
        return undefined
    }
  }
}

function wrongMethod (method: string, path: string, allow: string): GatewayError {
  const usable = allow.split(', ').filter(each => each !== 'OPTIONS' && each !== 'HEAD').join(' or ')
  return new GatewayError('method_not_allowed',
    `${method} is not a method of ${shownPath(path)}${usable === '' ? '' : `: use ${usable}`}.`, {
    headers: { allow },
  })
}
