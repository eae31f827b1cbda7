// Requests that want their conversation compacted: as a trigger for Copilot, or as a question for a summary, and the
// answers to them. `docs/spec/translation.md#compaction`.
import type { JsonObject } from '../../json.ts'
import type { Compactions } from '../contract/compactions.ts'
import { packSummary, trigger } from './wire-compaction.ts'
import { toStream } from './native/repair-answer.ts'
import { listItems } from './request/normalise-listed-items.ts'
import { writeUsage } from './usage.ts'
import { completeResponse } from './wire-response.ts'
import { isGiven, list, objects, readInput, text, typeOf } from './wire.ts'

const question = [
  'Write a hand-off summary of this conversation. Another instance of you continues the work with it, and sees nothing '
  + 'else of what came before. State',
  '- the goal of the user, with every wish and limit that still counts;',
  '- the decisions that were made, and why;',
  '- what was done: files, commands and results that matter, with exact names, paths and error texts;',
  '- where the work is now, and what is left to do, as next steps.',
  'Answer with the summary only. Call no tool.',
].join('\n')

/** Settings of the answer that a summary must not follow. */
const unfit = new Set(['text', 'tool_choice', 'max_output_tokens', 'max_tool_calls', 'top_logprobs', 'include',
  'context_management', 'background', 'stream_options', 'truncation'])
/** About 20,000 tokens: as much as Codex itself keeps. */
const keptLength = 80_000
/** Outputs of tools longer than this are cut if the conversation is too long for a summary. */
const longOutput = 1_000

export const compactions: Compactions = {
  isRequested: ({ input }) => isTrigger(list(input).at(-1)),
  request: body => compactions.isRequested(body) ? body : { ...body, input: [...readInput(body['input']), trigger] },
  askSummary,
  shorten,
  stateOf (answer) {
    const last = objects(answer['output']).findLast(item => item['type'] === 'compaction')
    return last === undefined || text(last['encrypted_content']) === '' ? null : text(last['encrypted_content'])
  },
  summaryOf (answer) {
    const parts = objects(answer['output']).filter(({ type }) => type === 'message').flatMap(item =>
      objects(item['content'])
    )
    const summary = parts.map(part => text(part['text'])).join('').trim()
    return summary === '' ? null : packSummary(summary)
  },
  response: (answer, state, newId) =>
    completeResponse({ ...answer, id: `resp_${newId()}`, status: 'completed', incomplete_details: null, error: null,
      output: [itemOf(state, newId)] }),
  stream: response => toStream(response, {}),
  replaced: body => ({ ...body, input: [] }),
  compacted (answer, state, input, newId) {
    const { id, created_at: created, usage, output } = compactions.response(answer, state, newId)
    return { id, object: 'response.compaction', created_at: created,
      output: [...listItems(keptMessages(input), text(id)), ...list(output)], usage: usage ?? writeUsage(null) }
  },
}

function isTrigger (item: unknown): boolean {
  return objects([item])[0]?.['type'] === 'compaction_trigger'
}

function itemOf (state: string, newId: () => string): JsonObject {
  return { type: 'compaction', id: `cmp_${newId()}`, encrypted_content: state }
}

/** The tools stay, because they begin the cached prompt and the history may have calls of them. */
function askSummary (body: JsonObject): JsonObject {
  const rest = Object.fromEntries(Object.entries(body).filter(([name]) => !unfit.has(name)))
  const items = list(body['input']).slice(0, -1)
  const hasTools = objects(body['tools']).length > 0 || items.some(item => isGiven(objects([item])[0]?.['tools']))
  return { ...rest, stream: false, store: false, ...(hasTools ? { tool_choice: 'none' } : {}),
    input: [...items, { type: 'message', role: 'user', content: [{ type: 'input_text', text: question }] }] }
}

/** Leaves the content of long outputs out, for the oldest three quarters of them. Null if there is none. */
function shorten (body: JsonObject): JsonObject | null {
  const items = list(body['input'])
  const long = items.flatMap((item, at) => isLongOutput(item) ? [at] : [])
  const cut = new Set(long.slice(0, Math.ceil(long.length * 0.75)))
  if (cut.size === 0) return null
  return { ...body,
    input: items.map((item, at) =>
      cut.has(at) ? { ...objects([item])[0], output: '[This output was too long to keep.]' } : item
    ) }
}

function isLongOutput (item: unknown): boolean {
  const [found] = objects([item])
  if (found === undefined || !typeOf(found).endsWith('_call_output')) return false
  const { output } = found
  return (typeof output === 'string' ? output : JSON.stringify(output) ?? '').length > longOutput
}

/** The newest messages of the user that fit. */
function keptMessages (input: unknown): readonly JsonObject[] {
  const kept: JsonObject[] = []
  let length = 0
  for (const item of objects(readInput(input)).toReversed()) {
    if (typeOf(item) !== 'message' || item['role'] !== 'user') continue
    length += JSON.stringify(item).length
    if (length > keptLength) break
    kept.push(item)
  }
  return kept.toReversed()
}
