// Makes an answer in the canonical form, from a script or from the emulated model.
import { callPrefix } from './backends.ts'
import { tokensOf } from './ask.ts'
import { think } from './brain.ts'
import { compact } from './compaction.ts'
import { payByToken } from './credits.ts'
import { styleOf } from './model-entry.ts'
import { alphanumeric, base64 } from './random.ts'
import type { Answer, AnswerCall } from './answer-parts.ts'
import type { Ask } from './ask.ts'
import type { Script, ScriptedCall, ScriptedCitation } from './script.ts'
import type { World } from './world.ts'

export function createAnswer (world: World, ask: Ask): Answer {
  const scripted = world.answers.take(ask)
  const script: Script = scripted ?? think(ask)
  const limited = scripted === undefined ? limit(ask, script) : { ...script, stopSequence: null }
  const { deltas, repeat } = readText(limited)
  const calls = (script.toolCalls ?? []).map(call => toCall(ask, call))
  const { reasoning, opaque } = reasonOf(ask, script, calls.length > 0)
  remember(world, ask, { reasoning, opaque, calls })
  const finish = limited.finish ?? (calls.length > 0 ? 'tool_calls' : 'stop')
  const chars = deltas.reduce((sum, delta) => sum + delta.length, 0) * repeat
    + calls.reduce((sum, call) => sum + call.pieces.join('').length, 0)
  const reasoningTokens = tokensOf((reasoning ?? '').length)
  const inputTokens = Math.max(1, tokensOf(ask.promptChars))
  const usage = { inputTokens, outputTokens: tokensOf(chars) + reasoningTokens,
    cachedTokens: Math.min(inputTokens - 1, Math.floor(inputTokens * ask.cachedShare)), cacheWriteTokens: 0,
    reasoningTokens, ...script.usage }
  const compactions = compact(world, ask, script)
  const answer = { reasoning, opaque, deltas, repeat, calls, searches: script.searches ?? [],
    citations: (script.citations ?? []).map(citation => toAnnotation(citation, deltas.join(''))), compactions, finish,
    stopSequence: limited.stopSequence, usage, script }
  payByToken(ask, answer)
  return answer
}

/** Cuts an answer at the first stop sequence and at the token limit. */
function limit (ask: Ask, script: Script): Script & { stopSequence: string | null } {
  const whole = typeof script.text === 'string' ? script.text : ''
  const stops = ask.stop.map(stop => ({ stop, at: whole.indexOf(stop) })).filter(({ at }) => at >= 0).sort((a, b) =>
    a.at - b.at
  )
  const stopped = stops[0] === undefined ? whole : whole.slice(0, stops[0].at)
  const maxChars = (ask.maxTokens ?? Infinity) * 4
  if (stopped.length > maxChars) {
    return { ...script, text: stopped.slice(0, maxChars), finish: 'length', stopSequence: null }
  }
  return { ...script, text: stopped, ...(stops[0] === undefined ? {} : { finish: 'stop' }),
    stopSequence: stops[0]?.stop ?? null }
}

function readText ({ text = '', repeat = 1, bytes }: Script): { deltas: string[], repeat: number } {
  if (bytes !== undefined) return { deltas: ['x'.repeat(1024)], repeat: Math.ceil(bytes / 1024) }
  return { deltas: typeof text === 'string' ? split(text) : text, repeat }
}

/** Puts a few words into each delta. */
function split (text: string): string[] {
  return text.match(/(?:\S+\s*){1,3}|\s+/g) ?? []
}

function toCall (ask: Ask, { id, name, arguments: given }: ScriptedCall): AnswerCall {
  const pieces = typeof given === 'string' ? given.match(/.{1,12}/gs) ?? [] : given
  const custom = ask.tools.some(tool => tool.name === name && tool.custom)
  return { id: id ?? callId(ask), name, pieces, custom }
}

/** A link that the text does not have gets a range behind its end, as models do. */
function toAnnotation ({ link, url, title }: ScriptedCitation, whole: string): object {
  const found = whole.indexOf(link)
  const start = found === -1 ? whole.length : found
  return { type: 'url_citation', start_index: start, end_index: start + link.length, url, title }
}

function callId (ask: Ask): string {
  if (ask.dialect === 'messages') return `${callPrefix[ask.backend]}${alphanumeric(22)}`
  return styleOf(ask.model) === 'claude' ? `tooluse_${alphanumeric(22)}` : `call_${alphanumeric(24)}`
}

/**
 * Gemini signs every tool call. The other models give opaque state only with reasoning. Models on Responses always send
 * a reasoning item.
 */
function reasonOf (ask: Ask, script: Script, callsTools: boolean): { reasoning: string | null, opaque: string | null } {
  const signs = styleOf(ask.model) === 'gemini' && callsTools
  const reasons = script.reasoning !== undefined || script.opaque !== undefined
    || (ask.dialect === 'responses' && ask.model.capabilities.supports.reasoning_effort !== undefined)
  if (!reasons && !signs) return { reasoning: null, opaque: null }
  const bare = styleOf(ask.model) === 'openai' && ask.dialect === 'chat'
    ? null
    : base64(ask.dialect === 'responses' ? 200 : 64)
  return { reasoning: script.reasoning ?? (signs && !reasons ? null : ''), opaque: script.opaque ?? bare }
}

function remember (
  { memory }: World,
  ask: Ask,
  { reasoning, opaque, calls }: Pick<Answer, 'reasoning' | 'opaque' | 'calls'>,
): void {
  if (opaque === null) return
  memory.issued.set(opaque, { model: ask.model.id, text: reasoning ?? '' })
  if (ask.dialect === 'chat') { for (const call of calls) memory.opaqueOfCall.set(call.id, opaque) }
}
