// If a cgroup limits the memory, the kernel kills the process without warning. This guard acts earlier: first it
// collects garbage and refuses new work, then it ends the process in order.
import { totalmem } from 'node:os'
import { findCollect, type Collect } from './internals/collect.ts'

export interface MemoryGuard {
  readonly isTight: () => boolean
  readonly stop: () => void
}
export interface MemoryOptions {
  /** In bytes, or null if nothing limits this process. */
  readonly limit?:
    | number
    | null
  /** How many processes have the limit together. */
  readonly share?: number
  readonly rss?: () => number
  readonly checkMs?: number
  /** Finds a function that collects garbage, when it is first needed. */
  readonly find?: () =>
    | Collect
    | null
  /** Called once, when only a restart helps. */
  readonly onExhausted: () => void
}

const tightAt = 0.8
const exhaustedAt = 0.95
/** A collection stops all requests for tens of milliseconds. */
const checksApart = 10

export function createMemoryGuard (
  { limit = memoryLimit(), share = 1, rss = () => process.memoryUsage.rss(), checkMs = 1_000, find = findCollect,
    onExhausted }: MemoryOptions,
): MemoryGuard {
  if (limit === null) return { isTight: () => false, stop: () => {} }
  let isTight = false
  let isExhausted = false
  let collect: Collect | undefined
  let checks = 0
  const timer = setInterval(() => {
    let used = rss() * share
    if (++checks > checksApart && used > limit * tightAt) {
      collect ??= find() ?? (() => {})
      collect()
      checks = 0
      used = rss() * share
    }
    isTight = used > limit * tightAt
    if (used <= limit * exhaustedAt || isExhausted) return
    isExhausted = true
    onExhausted()
  }, checkMs).unref()
  return { isTight: () => isTight, stop: () => {
    clearInterval(timer)
  } }
}

/** Node reads the cgroup's files of both versions. Without a limit it returns 0 or a number beyond any machine. */
function memoryLimit (): number | null {
  const bytes = process.constrainedMemory()
  return bytes > 0 && bytes < totalmem() ? bytes : null
}
