// The thread that counts tokens: one text after another, in pieces, until its time is over.
import { parentPort } from 'node:worker_threads'
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base'
import { piecesOf } from './token-pieces.ts'

/** @param before milliseconds since the epoch: after this time, the caller no longer waits */
export interface CountJob {
  readonly id: number
  readonly text: string
  readonly before: number
}
/** `tokens`: null if it took too long. */
export interface CountResult {
  readonly id: number
  readonly tokens: number | null
}

const options = { disallowedSpecial: new Set<string>() }

parentPort?.on('message', ({ id, text, before }: CountJob) => {
  parentPort?.postMessage({ id, tokens: count(text, before) } satisfies CountResult)
})

function count (text: string, before: number): number | null {
  let tokens = 0
  for (const piece of piecesOf(text)) {
    if (Date.now() > before) return null
    tokens += countTokens(piece, options)
  }
  return tokens
}
