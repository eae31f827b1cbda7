// Messages between the test's process and the Worker under test.

export interface WorkerState {
  /** Added to both clocks. */
  readonly offsetMs: number
  /** Whether production limits apply that workerd itself does not enforce. */
  readonly limits: boolean
  /** The longest time between two reads of an upstream body; 120 s in production. */
  readonly readGapMs:
    | number
    | null
  /** How long KV shows an old value; 60 s or more in production. */
  readonly staleMs: number
  /** Writes left for the day, counted from the isolate's first. */
  readonly writesLeft: number
}
export interface KvCall {
  readonly operation: 'get' | 'put' | 'delete' | 'list'
  readonly key: string
}
export type Control = (path: string, body: unknown) => Promise<unknown>
