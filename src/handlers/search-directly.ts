// Answers Claude Code's own request for a search. Its main model has called a tool of the client, which now asks for
// one search with a forced tool and reads the blocks. No model has to be asked what to search for.
// `docs/spec/search.md#claude-code`.
import type { Part } from '../dialects/contract/part.ts'
import type { Prompt } from '../dialects/contract/prompt.ts'
import type { SearchRecord, SearchSettings } from '../dialects/contract/search.ts'
import type { Translation } from '../relay/translate.ts'
import { emptyRecord, toErrorResult } from '../search/findings.ts'
import { nothingUsed } from './answer-locally.ts'
import { answerFrom, streamFrom } from './answer-from-parts.ts'
import type { Answered } from './ask-copilot.ts'
import type { Plan } from './generate-plan.ts'
import type { Asked } from './read-request.ts'
import type { SearchOutcome, SearchWeb } from './search-web.ts'

/** Null for any other request. */
export function createDirectSearch (
  searchWeb: SearchWeb,
): (asked: Asked, plan: Plan, translation: Translation) => Promise<Answered> | null {
  return (asked, plan, translation) => {
    const wanted = readWanted(translation.encode.prompt)
    return wanted === null ? null : answer(asked, plan, translation, wanted)
  }

  async function answer (
    { call, facts }: Asked,
    plan: Plan,
    translation: Translation,
    { query, settings }: Wanted,
  ): Promise<Answered> {
    const outcome = await searchWeb(call, query, settings)
    const parts = toParts(outcome, query, plan.answer.model)
    // The search has counted what it used, and no other model was asked.
    if (!facts.stream) return answerFrom({ plan }, translation, parts, nothingUsed)
    return streamFrom({ plan }, translation, call, (_call, give) => {
      parts.forEach(give)
      return Promise.resolve(nothingUsed)
    })
  }
}

interface Wanted {
  readonly query: string
  readonly settings: SearchSettings
}

function readWanted ({ webTools }: Prompt): Wanted | null {
  const { query = null, search = null } = webTools ?? {}
  return query === null || search === null ? null : { query, settings: search }
}

function toParts (outcome: SearchOutcome, query: string, model: string): readonly Part[] {
  const start: Part = { type: 'message-start', id: '', model, created: null }
  const end: Part = { type: 'message-end', reason: 'stop', stopSequence: null, explanation: null }
  if (outcome.found === null) {
    const record = { ...emptyRecord('web_search', query), error: outcome.error }
    return [start, ...toSearch(0, record), ...toText(1, toErrorResult(outcome.error, outcome.reason), []), end]
  }
  const { searches, text, citations } = outcome.found
  return [start, ...searches.flatMap((search, at) => toSearch(at, { ...search, action: null })),
    ...toText(searches.length, text, citations),
    ...(outcome.usage === null ? [] : [{ type: 'usage', usage: outcome.usage } as const]), end]
}

function toSearch (block: number, search: SearchRecord): readonly Part[] {
  return [{ type: 'search-start', block, callId: '', tool: 'web_search' }, { type: 'block-end', block, search }]
}

function toText (block: number, text: string, citations: NonNullable<SearchOutcome['found']>['citations']): Part[] {
  return text === ''
    ? []
    : [{ type: 'text-start', block, apart: false }, { type: 'text-delta', block, text },
      ...citations.map((citation): Part => ({ type: 'citation', block, ...citation })), { type: 'block-end', block }]
}
