// The description of an operation that its route does not contain. The rest (path, security, the form of its errors,
// their statuses) comes from the route itself and from the tables of the code.
import type { ErrorCode, AccountState, UpstreamCode } from '../errors.ts'
import type { ReplyHeader, RequestHeader } from './headers.ts'
import type { SchemaName } from './schemas.ts'
import type { Json } from './shape.ts'

export interface AnswerDoc {
  readonly says: string
  readonly schema?: SchemaName
  /** The content type of the schema; JSON by default. */
  readonly type?:
    | 'text/html'
    | 'text/plain'
    | 'application/vnd.sqlite3'
  /** The content type that the client gets if it asks for a stream. */
  readonly stream?: string
  readonly headers?: readonly ReplyHeader[]
}

export interface Operation {
  readonly tag: Tag
  readonly summary: string
  readonly description: string
  /** The vendor's own reference for the same operation. */
  readonly seeAlso?: string
  readonly body?: SchemaName
  /** Whether the body may also be a form. */
  readonly isForm?: boolean
  readonly headers?: readonly RequestHeader[]
  readonly query?: Readonly<Record<string, { readonly description: string, readonly schema: Json }>>
  readonly answers: Readonly<Record<number, AnswerDoc>>
  /** Refusals in addition to those of every route of its scope. */
  readonly codes?: readonly (ErrorCode | UpstreamCode)[]
  readonly states?: readonly AccountState[]
}

/** In reading order. */
export const tags = {
  API: "Below a user name, with that user's password.",
  Account: 'The routes of the setup page, also for tools without a browser. Pages of other origins may not use them, '
    + 'and none has CORS headers.',
  Pages: 'For people.',
  Operations:
    'For the operator. Routes below `/admin` and `/metrics` exist only if `ADMIN_TOKEN` is set, and take it as '
    + "bearer. Below `/admin` the cookie of the operator's page counts too. `/metrics` is on Node only.",
} as const
export type Tag = keyof typeof tags

/** The query of routes that give usage by day. */
export const usageDays = {
  from: { description: 'First day (UTC).', schema: { type: 'string', format: 'date' } },
  to: { description: 'Last day.', schema: { type: 'string', format: 'date' } },
}
