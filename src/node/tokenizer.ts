// A real tokenizer for token counts, only on Node, in its own thread: its tables take 2 MB and some time to load, and a
// long text takes seconds. The thread starts at the first count.
import { Worker } from 'node:worker_threads'
import type { Tokenizer } from '../usage/token-counter.ts'
import type { CountJob, CountResult } from './tokenizer-worker.ts'

/** The most characters (in UTF-16) that may be waiting or in progress. Further texts get an estimate. */
const maxQueuedLength = 8_388_608
/** If the thread cannot start, wait before the next try. */
const restartAfterMs = 30_000

export interface NodeTokenizer {
  readonly count: Tokenizer
  readonly close: () => Promise<void>
}

/** @param longestMs a longer count is given up for an estimate, because its client waits */
export function createTokenizer ({ longestMs = 2_000 }: { readonly longestMs?: number } = {}): NodeTokenizer {
  const waiting = new Map<number, { readonly length: number, readonly done: (tokens: number | null) => void }>()
  let worker: Worker | null = null
  let queuedLength = 0
  let jobs = 0
  let failedAt = -Infinity

  return {
    count (text) {
      if (queuedLength + text.length > maxQueuedLength || performance.now() - failedAt < restartAfterMs) {
        return Promise.resolve(null)
      }
      worker ??= start()
      const id = jobs++
      queuedLength += text.length
      worker.postMessage({ id, text, before: Date.now() + longestMs } satisfies CountJob)
      return new Promise(done => {
        waiting.set(id, { length: text.length, done })
      })
    },
    async close () {
      const last = worker
      worker = null
      settleAll()
      await last?.terminate()
    },
  }

  function start (): Worker {
    const own = new Worker(workerUrl, { env: {}, execArgv: [], resourceLimits: { maxOldGenerationSizeMb: 256 } })
    own.unref()
    own.on('message', ({ id, tokens }: CountResult) => {
      settle(id, tokens)
    })
    const fail = (): void => {
      if (worker !== own) return
      worker = null
      failedAt = performance.now()
      settleAll()
    }
    own.on('error', fail).on('exit', fail)
    return own
  }

  function settle (id: number, tokens: number | null): void {
    const job = waiting.get(id)
    if (job === undefined) return
    waiting.delete(id)
    queuedLength -= job.length
    job.done(tokens)
  }

  function settleAll (): void {
    for (const id of [...waiting.keys()]) settle(id, null)
  }
}

/** In the bundle, the worker is a JavaScript file next to this one. */
const workerUrl = new URL(import.meta.url.endsWith('.ts') ? './tokenizer-worker.ts' : './tokenizer-worker.js',
  import.meta.url)
