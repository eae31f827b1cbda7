// What the operator's routes answer. Only the type checker reads this file; it is not served.

export interface AdminUser {
  readonly username: string
  readonly created: string | null
  readonly last_used: string | null
  readonly keys: ReadonlyArray<
    { readonly id: string, readonly name: string, readonly last_used_day: string | null,
      readonly expires_at: string | null }
  > | null
}
export interface UserUsage {
  readonly user: string
  readonly model: string
  readonly requests: number
  readonly input_tokens: number
  readonly cached_tokens: number
  readonly output_tokens: number
  readonly credits: number
}
export interface Invite {
  readonly id: string
  readonly created_at: string
  readonly expires_at: string
}
export interface RecentError {
  readonly at: string
  readonly level: 'warn' | 'error'
  readonly message: string
  readonly event: string | null
  readonly code: string | null
  readonly status: number | null
  readonly type: string | null
  readonly user: string | null
  readonly request_id: string | null
}
export interface Status {
  readonly version: string
  readonly registration: string
  readonly started_at: string
  readonly store: { readonly kind: string, readonly status: string }
  readonly upstream: ReadonlyArray<{ readonly name: string, readonly status: string, readonly ms: number }>
  readonly can_back_up: boolean
}

export interface AdminAnswers {
  readonly '/session': object
  readonly '/status': Status
  readonly '/users': { readonly users: readonly AdminUser[], readonly next: string | null }
  readonly '/usage': { readonly from: string, readonly data: readonly UserUsage[] }
  readonly '/invites': { readonly data: readonly Invite[], readonly id: string, readonly code: string,
    readonly expires_at: string }
  readonly '/errors': { readonly data: readonly RecentError[] }
}
