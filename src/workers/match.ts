// Finds the row of the route table for a method and a path. For unusual paths too it answers as Fastify's router
// (find-my-way) does: a fixed segment beats a parameter, an encoded slash does not separate segments, and nothing is
// normalised. The path is decoded once, for both the route and the user.
import type { Route } from '../route.ts'

export type Found =
  | { readonly kind: 'route', readonly route: Route, readonly params: Readonly<Record<string, string>> }
  /** An `OPTIONS` on any path except the pages' own routes. Whether the route exists shows with the real request. */
  | { readonly kind: 'preflight' }
  | { readonly kind: 'wrong-method', readonly route: Route, readonly allow: string }
  /** A path that cannot be read: a stray `%`, escapes that are not UTF-8, a parameter that is too long. */
  | { readonly kind: 'malformed' }
  | { readonly kind: 'none' }

export type FindRoute = (method: string, path: string) => Found

/** One path of the table, with the routes that it serves. */
interface Place {
  readonly segments: readonly string[]
  readonly byMethod: Map<string, Route>
  /** The route that decides how a wrong method is refused: one that is no probe, if the path has any. */
  owner: Route
}

/** These get a 405 on a path that serves another method. Any other method is a 404 everywhere. */
const known: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])
const maxParamLength = 512

/** @param also the methods by which the asset layer serves a path, for its `allow` */
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

/** A parameter may be empty, as in Fastify's router. The code that reads it refuses it. */
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

/** The escapes that `decodeURI` keeps, and `%25`. They are decoded inside a parameter, never in the path itself. */
const reserved = /%(?:2[3-6bcf]|3[abdf]|40)/gi

function decodePath (path: string): string | null {
  if (!path.includes('%')) return path
  try {
    return decodeURI(path.replaceAll('%25', '%2525'))
  } catch {
    return null
  }
}
