// The message around an answer's blocks, for the start of a stream and for a whole answer.
import type { EncodeOptions } from '../../contract/dialect.ts'
import type { Usage } from '../../contract/part.ts'
import { toWireUsage } from '../usage.ts'
import type { MessagesAnswer } from '../wire.ts'

/** The id in Anthropic's form: upstream's own id if it has that form, otherwise one derived from it. */
export function toMessageId (id: string, newId: () => string): string {
  const clean = id.slice(0, 1_024).replace(/^(?:msg_|chatcmpl-|resp_)/, '').replaceAll(/[^A-Za-z0-9_-]/g, '').slice(0,
    64)
  return `msg_${clean === '' ? newId() : clean}`
}

/** Claude Code reads the size of the context from the first usage, so an estimate is better than nothing. */
export function startMessage (id: string, options: EncodeOptions): MessagesAnswer {
  return {
    id: toMessageId(id, options.newId),
    type: 'message',
    role: 'assistant',
    model: options.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: toWireUsage(estimateUsage(options, 0)),
  }
}

/** For an answer without upstream's usage: these fields are required. */
export function estimateUsage ({ inputEstimate }: Pick<EncodeOptions, 'inputEstimate'>, textLength: number): Usage {
  return { input: Math.max(1, Math.ceil(inputEstimate)), cacheRead: 0, cacheWrite: 0, output: Math.ceil(textLength / 4),
    reasoning: 0, nanoCredits: 0 }
}
