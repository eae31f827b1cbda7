// What the supervising process and its workers send each other. Only these messages count: tools that watch a process
// use the same channel.

/** From the supervisor to a worker. */
export type ToWorker =
  | { readonly kind: 'start', readonly of: StartOrder }
  /** Comes with a socket, unless its client has left meanwhile. */
  | { readonly kind: 'connection' }
  /** The first asks for an orderly end, the second for a quick one. */
  | { readonly kind: 'signal' }
  /** Asks for a part of an answer about all workers. */
  | { readonly kind: 'collect', readonly id: number, readonly question: Question }
  | { readonly kind: 'collected', readonly id: number, readonly parts: readonly string[] }

export interface StartOrder {
  /** Of workers. */
  readonly count: number
  /** Where the supervisor listens. */
  readonly address: string
  readonly port: number
}

/** From a worker to the supervisor. */
export type FromWorker =
  | { readonly kind: 'ready', readonly store: string | null }
  | { readonly kind: 'failed', readonly message: string }
  /** It has the connection that was handed to it, and can take another. */
  | { readonly kind: 'taken' }
  /** It ends in order after a bug: it gets no more connections. */
  | { readonly kind: 'leaving' }
  | { readonly kind: 'ask', readonly id: number, readonly question: Question }
  | { readonly kind: 'part', readonly id: number, readonly text: string }

/** `metrics`: the counters, as prom-client's JSON. `errors`: the recent errors. */
export type Question = 'metrics' | 'errors'

const kinds: ReadonlySet<unknown> = new Set<(ToWorker | FromWorker)['kind']>(['start', 'connection', 'signal',
  'collect', 'collected', 'ready', 'failed', 'taken', 'leaving', 'ask', 'part'])

export function isMessage (message: unknown): message is ToWorker | FromWorker {
  return typeof message === 'object' && message !== null && 'kind' in message && kinds.has(message.kind)
}
