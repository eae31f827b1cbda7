// An answer in the canonical form, with everything that the dialects' writers need.
import type { Script, ScriptedSearch } from './script.ts'

export interface AnswerCall {
  readonly id: string
  readonly name: string
  readonly pieces: readonly string[]
  readonly custom: boolean
}

export interface Usage {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cachedTokens: number
  readonly cacheWriteTokens: number
  readonly reasoningTokens: number
}

export interface Answer {
  /** Null: no reasoning at all. '': reasoning without readable text. */
  readonly reasoning: string | null
  readonly opaque: string | null
  readonly deltas: readonly string[]
  readonly repeat: number
  readonly calls: readonly AnswerCall[]
  readonly searches: readonly ScriptedSearch[]
  /** Of the web, as the text's annotations. */
  readonly citations: readonly object[]
  /** Encrypted contents of compaction items. Such an answer has nothing else. */
  readonly compactions: readonly string[]
  readonly finish: string
  readonly stopSequence: string | null
  readonly usage: Usage
  readonly script: Script
}

/** Generates the text deltas one by one, so that a long answer is never held whole. */
export function* textDeltas ({ deltas, repeat }: Answer): Generator<string> {
  for (let round = 0; round < repeat; round++) yield* deltas
}

export function wholeText ({ deltas, repeat }: Answer): string {
  return deltas.join('').repeat(repeat)
}
