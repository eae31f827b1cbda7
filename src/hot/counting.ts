// Usage that leaves with the rest at the end of a call, for engines that keep it. A call whose outcome is unknown is
// asked about before its counts are sent again: nothing is counted twice, and nothing is lost.
import type { HotResult, HotStep } from '../store/hot-state.ts'
import type { TakenUsage } from '../usage/usage-history.ts'
import type { NewsSource } from './outbox.ts'

/** Longer than an outage after which a process still has its counts. */
const markMs = 86_400_000

/** @param take a user's counts @param holder names this process */
export function createCounting (take: (username: string) => TakenUsage | null, holder: string): NewsSource {
  /** Counts whose outcome is unknown, by user. */
  const uncertain = new Map<string, { readonly mark: string, readonly taken: TakenUsage }>()
  const key = `counted:${holder}`
  let marks = 0

  return username => {
    const open = uncertain.get(username)
    if (open !== undefined) return ask(username, open)
    const taken = take(username)
    if (taken === null) return null
    const mark = String(++marks)
    const steps: HotStep[] = [{ do: 'count', rows: taken.rows, keepDays: taken.keepDays }, { do: 'set', key,
      value: mark, ttlMs: markMs }]
    return { steps, apply (results) {
      if (results === null) uncertain.set(username, { mark, taken })
      else taken.done(true)
    } }
  }

  function ask (username: string, { mark, taken }: { readonly mark: string, readonly taken: TakenUsage }) {
    uncertain.delete(username) // Until the answer, no other call asks.
    return { steps: [{ do: 'get', key } as const], hasMore: true, apply (results: readonly HotResult[] | null) {
      const [result] = results ?? []
      if (result === undefined || !('value' in result)) uncertain.set(username, { mark, taken })
      else taken.done(result.value === mark)
    } }
  }
}
