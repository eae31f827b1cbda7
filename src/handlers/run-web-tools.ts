// Runs the model's calls of web tools for one answer, within the limits of the client and of the gateway.
// `docs/spec/search.md#limits`.
import type { Call, Clock } from '../contract.ts'
import type { Prompt } from '../dialects/contract/prompt.ts'
import type { SearchError, SearchHit, WebToolName } from '../dialects/contract/search.ts'
import { anySearch } from '../dialects/shared/web-tools.ts'
import { emptyRecord, hitsOf, toErrorResult, toResult } from '../search/findings.ts'
import type { Ran } from '../search/round.ts'
import type { SearchWeb } from './search-web.ts'

export interface WebToolRunner {
  readonly run: (tool: WebToolName, argument: string) => Promise<Ran>
  /** Every page that was found so far, by its address. */
  readonly hits: ReadonlyMap<string, SearchHit>
  /** The model asked for more than it may. */
  readonly isOver: () => boolean
}

const usualUses = 5
const mostUses = 8
const mostAtOnce = 3
/** All searches of an answer. */
const totalMs = 120_000
const noPages = 'This server reads no pages: Copilot has no tool for it.'

export function createToolRunner (
  searchWeb: SearchWeb,
  { monotonic }: Pick<Clock, 'monotonic'>,
): (call: Call, prompt: Prompt) => WebToolRunner {
  return (call, { webTools }) => {
    const settings = webTools?.search ?? anySearch
    const most = Math.min(settings.maxUses ?? usualUses, mostUses)
    const beganAt = monotonic()
    const inTurn = createWorkQueue(mostAtOnce)
    const hits = new Map<string, SearchHit>()
    let uses = 0
    let isOver = false

    return { hits, isOver: () => isOver, run (tool, argument) {
      if (tool === 'web_fetch') return Promise.resolve(failure(tool, argument, 'unavailable', noPages))
      if (uses === most) {
        isOver = true
        return Promise.resolve(failure(tool, argument, 'max_uses_exceeded'))
      }
      uses++
      return inTurn(() => search(argument))
    } }

    async function search (query: string): Promise<Ran> {
      if (monotonic() - beganAt > totalMs) {
        isOver = true
        return failure('web_search', query, 'unavailable', 'The searches for this answer took too long.')
      }
      const outcome = await searchWeb(call, query, settings)
      if (outcome.found === null) return failure('web_search', query, outcome.error, outcome.reason)
      const found = hitsOf(outcome.found)
      for (const hit of found) hits.set(hit.url, hit)
      const result = toResult(query, outcome.found)
      return { result, record: { ...emptyRecord('web_search', query), hits: found, text: result } }
    }
  }
}

function failure (tool: WebToolName, argument: string, error: SearchError, reason: string | null = null): Ran {
  return { result: toErrorResult(error, reason), record: { ...emptyRecord(tool, argument), error } }
}

/** Runs at most `most` pieces of work at once; the others wait. */
export function createWorkQueue (most: number): <T>(work: () => Promise<T>) => Promise<T> {
  const waiting: Array<() => void> = []
  let running = 0
  return async work => {
    if (running >= most) await new Promise<void>(resolve => waiting.push(resolve))
    running++
    try {
      return await work()
    } finally {
      running--
      waiting.shift()?.()
    }
  }
}
