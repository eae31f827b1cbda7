// The parts of a Responses answer: the response itself, and its items, whose ids change with every event.
import { createHash } from 'node:crypto'
import { fields, isFields, list } from './json.ts'
import { answeredId } from './model-entry.ts'
import { wholeText } from './answer-parts.ts'
import { base64 } from './random.ts'
import { copilotUsage, responsesUsage } from './usage.ts'
import { quotaSnapshots } from './quota.ts'
import type { Answer, AnswerCall } from './answer-parts.ts'
import type { Ask } from './ask.ts'
import type { ScriptedSearch } from './script.ts'

export type Item = { kind: 'reasoning', summary: string, encrypted: string | null } | { kind: 'message',
  refusal: boolean, phase: string | null } | { kind: 'call', call: AnswerCall } | { kind: 'compaction',
  encrypted: string } | { kind: 'search', search: ScriptedSearch, hasSources: boolean }

export type ResponseStatus = 'in_progress' | 'completed' | 'incomplete' | 'failed'

export const opaqueId = (): string => base64(400)

export function itemsOf (ask: Ask, answer: Answer): Item[] {
  const { reasoning, opaque, calls, deltas, finish, script, compactions, searches } = answer
  if (compactions.length > 0) return compactions.map(encrypted => ({ kind: 'compaction', encrypted }))
  const encrypted = ask.encrypted || script.opaque !== undefined ? opaque : null
  const speaks = deltas.length > 0 || (calls.length === 0 && finish === 'stop')
  const phase = /^gpt-5\.[3-9]/.test(ask.model.id) ? calls.length > 0 ? 'commentary' : 'final_answer' : null
  return [...(reasoning === null ? [] : [{ kind: 'reasoning' as const, summary: reasoning, encrypted }]),
    ...searches.map(search => ({ kind: 'search' as const, search, hasSources: ask.search?.sources === true })),
    ...(speaks ? [{ kind: 'message' as const, refusal: finish === 'refusal', phase }] : []),
    ...calls.map(call => ({ kind: 'call' as const, call }))]
}

/** @param begun false before the item has content */
export function toItem (item: Item, answer: Answer, begun: boolean): object {
  const id = opaqueId()
  const status = begun ? answer.finish === 'length' ? 'incomplete' : 'completed' : 'in_progress'
  switch (item.kind) {
    case 'reasoning':
      return { ...(item.encrypted === null ? {} : { encrypted_content: begun ? item.encrypted : '' }), id,
        summary: begun && item.summary !== '' ? [{ text: item.summary, type: 'summary_text' }] : [], type: 'reasoning' }
    case 'message':
      return { content: begun ? [toPart(item.refusal, wholeText(answer), answer.citations)] : [], id,
        ...(item.phase === null ? {} : { phase: item.phase }), role: 'assistant', status, type: 'message' }
    case 'compaction':
      return { encrypted_content: begun ? item.encrypted : '', id, type: 'compaction' }
    case 'search':
      return { id, type: 'web_search_call', ...searchBody(item, begun) }
    case 'call':
      return { ...callBody(item.call, begun ? item.call.pieces.join('') : ''), call_id: item.call.id, id,
        name: item.call.name, status }
  }
}

export function toPart (refusal: boolean, text: string, annotations: readonly object[] = []): object {
  return refusal ? { refusal: text, type: 'refusal' } : { annotations, logprobs: [], text, type: 'output_text' }
}

/** The action comes late. */
function searchBody ({ search, hasSources }: Extract<Item, { kind: 'search' }>, begun: boolean): object {
  if (!begun) return { status: 'in_progress' }
  const { queries, sources = [], isFailed = false } = search
  const [query, ...more] = queries
  if (query === undefined) return { status: 'completed', action: { type: 'open_page', url: sources[0] ?? null } }
  return { status: isFailed ? 'failed' : 'completed',
    action: { type: 'search', query, ...(more.length > 0 ? { queries } : {}),
      ...(hasSources ? { sources: sources.map(url => ({ type: 'url', url })) } : {}) } }
}

/** Without streamed arguments, a complete call has an empty object. */
function callBody ({ custom }: AnswerCall, text: string): object {
  return custom ? { input: text, type: 'custom_tool_call' } : { arguments: text, type: 'function_call' }
}

export function statusOf (finish: string): Exclude<ResponseStatus, 'in_progress'> {
  if (finish === 'failed') return 'failed'
  return finish === 'length' || finish === 'content_filter' ? 'incomplete' : 'completed'
}

/** @param output null while the response is in progress */
export function toResponse (ask: Ask, answer: Answer, output: readonly object[] | null, now: number): object {
  const body = fields(ask.request.json)
  const status = output === null ? 'in_progress' : statusOf(answer.finish)
  const reason = answer.finish === 'length' ? 'max_output_tokens' : answer.finish
  return {
    ...(output === null
      ? {}
      : { copilot_quota_snapshots: quotaSnapshots(ask.seat, now), copilot_usage: copilotUsage(ask.model, answer) }),
    created_at: Math.floor(now / 1000),
    ...(status === 'failed' ? { error: { code: 'server_error', message: 'internal server error' } } : {}),
    id: opaqueId(),
    incomplete_details: status === 'incomplete' ? { reason } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    model: answeredId(ask.model, true),
    object: 'response',
    output: output ?? [],
    output_text: null,
    parallel_tool_calls: ask.parallel,
    previous_response_id: null,
    reasoning: { effort: fields(body.reasoning).effort ?? 'none', summary: fields(body.reasoning).summary ?? null },
    safety_identifier: createHash('sha256').update(ask.seat.login).digest('hex'),
    service_tier: 'default',
    status,
    temperature: body.temperature ?? 1,
    text: { format: { type: 'text' }, verbosity: 'medium', ...fields(body.text) },
    tool_choice: body.tool_choice ?? 'auto',
    tools: list(body.tools).map(echoTool),
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    usage: output === null ? null : responsesUsage(answer.usage),
  }
}

/** Echoes a tool with stricter settings than the client sent. */
function echoTool (tool: unknown): unknown {
  if (!isFields(tool) || tool.type !== 'function') return tool
  return { ...tool, parameters: { ...fields(tool.parameters), additionalProperties: false }, strict: true }
}
