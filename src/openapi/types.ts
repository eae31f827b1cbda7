// What is written down of an operation beside its route. The rest of its description (path, security, the form of its
// errors, their statuses) is read from the route itself and from the tables of the code.
import type { ErrorCode, AccountState, UpstreamCode } from '../errors.ts'
import type { ReplyHeader, RequestHeader } from './headers.ts'
import type { SchemaName } from './schemas.ts'

export type Json = { readonly [name: string]: unknown }

export interface Answer {
  readonly says: string
  readonly schema?: SchemaName
  /** Of the schema's content; JSON where nothing is said. */
  readonly type?: 'text/html' | 'text/plain'
  /** What the client may have instead, by asking for a stream. */
  readonly stream?: string
  readonly headers?: readonly ReplyHeader[]
}

export interface Operation {
  readonly tag: Tag
  readonly summary: string
  readonly description: string
  /** The vendor's own reference of the same operation. */
  readonly seeAlso?: string
  readonly body?: SchemaName
  /** Whether the body may come as a form too. */
  readonly isForm?: boolean
  readonly headers?: readonly RequestHeader[]
  readonly query?: Readonly<Record<string, { readonly description: string, readonly schema: Json }>>
  readonly answers: Readonly<Record<number, Answer>>
  /** Refusals beside those that every route of its scope has. */
  readonly codes?: readonly (ErrorCode | UpstreamCode)[]
  readonly states?: readonly AccountState[]
}

/** In the order in which a reader meets them. */
export const tags = {
  API: 'Below a user name, with that user\'s password.',
  Account: 'The setup page\'s own routes, and for tools without a browser. Pages of other origins may not use them, and none has CORS headers.',
  Pages: 'For people.',
  Operations: 'For whoever runs the proxy. Routes below `/admin` and `/metrics` are there only where `ADMIN_TOKEN` is set; `/metrics` is on Node only.',
} as const
export type Tag = keyof typeof tags
