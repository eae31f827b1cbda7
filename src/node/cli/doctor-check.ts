// One line of the doctor's result.
export interface Check {
  readonly name: string
  /** `warn` is worth knowing, `fail` is to be mended; `skip`: something else has to be mended first. */
  readonly status: 'ok' | 'warn' | 'fail' | 'skip'
  /** What was seen: no secret, no address that holds one, no path, no name of a user. */
  readonly detail: string
  /** What to do about it. */
  readonly remedy?: string
  readonly ms?: number
}
export const ok = (name: string, detail: string, more: Partial<Check> = {}): Check => ({ name, status: 'ok', detail, ...more })
export const warn = (name: string, detail: string, remedy?: string): Check => ({ name, status: 'warn', detail, ...(remedy === undefined ? {} : { remedy }) })
export const fail = (name: string, detail: string, remedy?: string): Check => ({ name, status: 'fail', detail, ...(remedy === undefined ? {} : { remedy }) })
export const skip = (name: string, detail: string): Check => ({ name, status: 'skip', detail })

/** `ECONNREFUSED` and its like, from as deep as it lies; an error's message may name what is nobody's business. */
export function systemCode (thrown: unknown): string {
  for (let error = thrown, depth = 0; error instanceof Error && depth < 6; error = error.cause, depth++) {
    if ('code' in error && typeof error.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(error.code)) return ` (${error.code})`
    if (error instanceof AggregateError && error.errors.length > 0) return systemCode(error.errors[0])
  }
  return ''
}
