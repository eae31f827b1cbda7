import type { Route } from '../route.ts'

/** The described properties of a route. */
export type DocumentedRoute = Pick<Route, 'methods' | 'path' | 'scope' | 'renderError' | 'maxBytes' | 'operation'>
