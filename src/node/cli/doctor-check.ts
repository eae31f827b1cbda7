// One line of the doctor's report.
export interface Check {
  readonly name: string
  /** `warn`: good to know. `fail`: needs a repair. `skip`: something else needs a repair first. */
  readonly status:
    | 'ok'
    | 'warn'
    | 'fail'
    | 'skip'
  /** The finding: no secret, no address that contains one, no path, no user name. */
  readonly detail: string
  /** The remedy. */
  readonly remedy?: string
  readonly ms?: number
}
export const ok = (name: string, detail: string, more: Partial<Check> = {}): Check => ({ name, status: 'ok', detail,
  ...more })
export const warn = (name: string, detail: string, remedy?: string): Check => ({ name, status: 'warn', detail,
  ...(remedy === undefined ? {} : { remedy }) })
export const fail = (name: string, detail: string, remedy?: string): Check => ({ name, status: 'fail', detail,
  ...(remedy === undefined ? {} : { remedy }) })
export const skip = (name: string, detail: string): Check => ({ name, status: 'skip', detail })

/** A system code such as `ECONNREFUSED`, however deep it is nested. An error's message may contain private data. */
export function systemCode (thrown: unknown): string {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 6; error = error.cause, depth++) {
    if ('code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(error.code)) {
      return ` (${error.code})`
    }
    if (error instanceof AggregateError && error.errors.length > 0) return systemCode(error.errors[0])
  }
  return ''
}
