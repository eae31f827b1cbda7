// How much a model is to think, within what it can and what upstream allows. `translation.md` 2.6.1, 2.5.2;
// `copilot-upstream.md` 9.3.
import type { JsonObject } from '../../json.ts'
import type { Target } from '../dialect.ts'
import { budgetOfEffort, clampEffort } from '../effort.ts'
import type { Effort, Prompt } from '../prompt.ts'
import { versionOf } from './wire.ts'

export interface Wanted {
  readonly thinking: NonNullable<Prompt['thinking']>
  /** Tokens; null: by the effort. */
  readonly budget: number | null
  readonly effort: Effort | null
  readonly display: 'summarized' | 'omitted' | null
}

export interface Bounds {
  readonly target: Target
  readonly maxTokens: number
  /** How far `max_tokens` may be raised to make room for a budget; `maxTokens` itself for not at all. */
  readonly mostTokens: number
  /** What a budget must leave of `max_tokens` for the answer, at least 1. */
  readonly room: number
  /** Thinking is refused beside a forced tool. */
  readonly isForced: boolean
  /** The turn at hand has a tool call whose thoughts are lost: with a budget, upstream refuses that. */
  readonly lacksThoughts: boolean
}

export interface Fitted {
  /** Null: leave the field out. */
  readonly thinking: JsonObject | null
  readonly maxTokens: number
  /** Whether there will be less thinking than was asked for. */
  readonly isLess: boolean
}

export function fitThinking (wanted: Wanted, { target, maxTokens, mostTokens, room, isForced, lacksThoughts }: Bounds): Fitted {
  const { adaptiveThinking: adapts } = target.supports
  const range = target.thinkingBudget
  const off = { thinking: adapts || range !== null ? { type: 'disabled' } : null, maxTokens }
  if (wanted.thinking === 'off') return { ...off, isLess: false }
  if (isForced) return { ...off, isLess: true }
  // The newest models take no budget any more.
  const takesBudget = range !== null && !(adapts && versionOf(target.id) > 4.6)
  if (adapts && !(wanted.thinking === 'on' && takesBudget)) {
    return { thinking: { type: 'adaptive', ...(wanted.display === null ? {} : { display: wanted.display }) }, maxTokens, isLess: false }
  }
  if (!takesBudget || lacksThoughts) return { ...off, isLess: true }

  const least = Math.max(1_024, range.min)
  const budget = Math.min(Math.max(Math.floor(wanted.budget ?? budgetOfEffort(wanted.effort ?? 'medium')), least), range.max)
  const raised = Math.max(maxTokens, Math.min(budget + room, mostTokens))
  const fitted = Math.min(budget, Math.max(raised - room, Math.min(least, raised - 1)))
  if (fitted < least || fitted > range.max) return { ...off, isLess: true }
  const display = wanted.display !== null && wanted.thinking === 'on' ? { display: wanted.display } : {}
  return { thinking: { type: 'enabled', budget_tokens: fitted, ...display }, maxTokens: raised, isLess: false }
}

/** Null when the model lists none. */
export function fitEffort (effort: Effort, { efforts }: Target): Effort | null {
  const fitted = clampEffort(effort, efforts.filter(word => word !== 'none'))
  return fitted === 'none' ? null : fitted
}

/** Whether the last calls, whose results are the last turn, come without the thoughts that led to them. */
export function lacksThoughts (messages: ReadonlyArray<{ readonly role?: unknown, readonly content?: unknown }>): boolean {
  const at = messages.findLastIndex(message => message.role === 'assistant')
  const [first, ...rest] = typeOf(messages[at]?.content)
  const answered = messages.slice(at + 1).some(message => typeOf(message.content).includes('tool_result'))
  return answered && first !== undefined && first !== 'thinking' && first !== 'redacted_thinking' && [first, ...rest].includes('tool_use')
}

function typeOf (content: unknown): unknown[] {
  return Array.isArray(content) ? content.map(block => (block as JsonObject | null)?.['type']) : []
}
