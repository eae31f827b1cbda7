// What the test's process and the Worker under test tell each other.

export interface WorkerState {
  /** Added to both clocks. */
  readonly offsetMs: number
  /** Whether the limits of production hold that workerd does not enforce by itself. */
  readonly limits: boolean
  /** So far apart may two reads of an upstream body be; 120 s in production. */
  readonly readGapMs: number | null
  /** So long KV shows what it showed before; 60 s or more in production. */
  readonly staleMs: number
  /** Writes that are left of the day's, counted from the isolate's first. */
  readonly writesLeft: number
}
export interface KvCall { readonly operation: 'get' | 'put' | 'delete' | 'list', readonly key: string }
export type Control = (path: string, body: unknown) => Promise<unknown>
