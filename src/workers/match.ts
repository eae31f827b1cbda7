// From a method and a path to a row of the route table, with the answers of Fastify's router (find-my-way) for odd
// paths too: a fixed segment beats a parameter, an encoded slash parts no segments, nothing is normalised. One reading
// of the path decides both the route and the user.
import type { Route } from '../route.ts'

export type Found =
  | { readonly kind: 'route', readonly route: Route, readonly params: Readonly<Record<string, string>> }
  /** An `OPTIONS` anywhere but on a page's own route: what is asked for is answered when it comes. */
  | { readonly kind: 'preflight' }
  | { readonly kind: 'wrong-method', readonly route: Route, readonly allow: string }
  /** Not the spelling of a path: a stray `%`, escapes that are no UTF-8, a name that is none by its length. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'none' }

export type FindRoute = (method: string, path: string) => Found

/** One path of the table, with what is served there. */
interface Place {
  readonly segments: readonly string[]
  readonly byMethod: Map<string, Route>
  /** Speaks for the path where the method is wrong: a route that is no probe, if there is one. */
  owner: Route
}

/** Those that get a 405 where another is served; whatever else a client invents is a 404 everywhere. */
const known: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const maxParamLength = 512

/** @param also methods that something else serves on a path, for its `allow` */
export function createFindRoute (
  routes: readonly Route[],
  also: Readonly<Record<string, readonly string[]>> = {},
): FindRoute {
  const places = toPlaces(routes)

  return (method, path) => {
    const decoded = decodePath(path)
    if (decoded === null) return { kind: 'malformed' }
    if (!known.has(method)) return { kind: 'none' }
    const segments = decoded.split('/')
    let isTooLong = (segments[1] ?? '').length > maxParamLength
    for (const { segments: pattern, byMethod, owner } of places.get(segments.length) ?? []) {
      const params = matchSegments(pattern, segments)
      if (params === null) continue
      if (Object.values(params).some(value => value.length > maxParamLength)) {
        isTooLong = true
        continue
      }
      const route = byMethod.get(method)
      if (route !== undefined) return { kind: 'route', route, params }
      if (owner.scope === 'probe') continue
      if (owner.scope === 'api' && method === 'OPTIONS') break
      const allow = [...also[owner.path] ?? [], ...byMethod.keys(), ...owner.scope === 'api' ? ['OPTIONS'] : []]
      return { kind: 'wrong-method', route: owner, allow: allow.join(', ') }
    }
    return { kind: method === 'OPTIONS' ? 'preflight' : isTooLong ? 'malformed' : 'none' }
  }
}

/** By number of segments; those with fixed segments further left come first. */
function toPlaces (routes: readonly Route[]): ReadonlyMap<number, readonly Place[]> {
  const byPath = new Map<string, Place>()
  for (const route of routes) {
    const place = byPath.get(route.path)
      ?? { segments: route.path.split('/'), byMethod: new Map<string, Route>(), owner: route }
    byPath.set(route.path, place)
    if (place.owner.scope === 'probe') place.owner = route
    for (const method of route.methods) place.byMethod.set(method, route)
  }
  const rank = ({ segments }: Place) => segments.map(segment => isParam(segment) ? '1' : '0').join('')
  return Map.groupBy([...byPath.values()].sort((a, b) => rank(a) < rank(b) ? -1 : 1), ({ segments }) => segments.length)
}

/** A parameter may be empty, as in Fastify's router: whoever reads it refuses it. */
function matchSegments (pattern: readonly string[], segments: readonly string[]): Record<string, string> | null {
  const params: Record<string, string> = {}
  for (const [at, expected] of pattern.entries()) {
    const segment = segments[at] ?? ''
    if (!isParam(expected)) {
      if (segment !== expected) return null
      continue
    }
    params[expected.slice(1)] = segment.replaceAll(reserved, escape => decodeURIComponent(escape))
  }
  return params
}

function isParam (segment: string): boolean {
  return segment.startsWith(':')
}

/** What `decodeURI` leaves escaped, and `%25`: decoded inside a parameter, never in the path itself. */
const reserved = /%(?:2[3-6bcf]|3[abdf]|40)/gi

function decodePath (path: string): string | null {
  if (!path.includes('%')) return path
  try {
    return decodeURI(path.replaceAll('%25', '%2525'))
  } catch {
    return null
  }
}
