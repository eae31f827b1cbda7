// Whether several processes can use a store together.
import type { StoreConfig } from '../../config.ts'

/** @returns why the server cannot start, or null */
export function sharingProblem ({ kind }: StoreConfig, workers: number): string | null {
  return kind === 'memory'
    ? `--workers ${workers}: with STORE=memory each process would have users of its own. Use STORE=sqlite, or one `
      + 'worker.'
    : null
}

/** @returns what works less well than with one process, or null */
export function sharingWarning ({ kind }: StoreConfig, workers: number): string | null {
  return kind === 'cloudflare-kv'
    ? `STORE=cloudflare-kv: each of the ${workers} workers counts limits and writes of its own, and remembers its own `
      + 'responses. STORE=sqlite shares them.'
    : null
}
