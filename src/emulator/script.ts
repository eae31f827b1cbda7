// What a test makes the model say, the same for all three dialects, and the queue it waits in.
import type { Ask } from './ask.ts'

export interface ScriptedCall {
  id?: string
  name: string
  /** JSON text, or the pieces it streams in; no pieces: none are sent. For a custom tool: its free text. */
  arguments: string | string[]
}

/** Tokens, as the model counts them; `inputTokens` includes those read from and written to the cache. */
export interface ScriptedUsage {
  inputTokens?: number
  outputTokens?: number
  cachedTokens?: number
  cacheWriteTokens?: number
  reasoningTokens?: number
}

export interface Script {
  /** Only for this model, or this path below the host's prefix. */
  model?: string
  path?: string
  /** Readable reasoning; `''` on messages gives an empty thinking block with a signature. */
  reasoning?: string
  /** Opaque state: `reasoning_opaque`, the signature, or `encrypted_content`. */
  opaque?: string
  text?: string | string[]
  /** Sends each text delta so many times. */
  repeat?: number
  /** Makes up so many bytes of text, in deltas of 1024. */
  bytes?: number
  toolCalls?: ScriptedCall[]
  /** `stop`, `length`, `tool_calls`, `content_filter`, `refusal`, `failed`, or any word the dialect has. */
  finish?: string
  usage?: ScriptedUsage
  /** Chat: whether `[DONE]` ends the stream; responses: whether it follows the last event. */
  done?: boolean
  /** Chat: these choices as they are, whole or in one chunk. */
  choices?: unknown
  /** The stream's events: JSON values, or text sent as it is. */
  chunks?: readonly unknown[]
  /** The whole answer's JSON. */
  body?: unknown
  /** More response headers. */
  headers?: Record<string, string>
}

export interface ScriptQueue {
  readonly push: (...scripts: Script[]) => void
  readonly clear: () => void
  readonly pending: number
  /** The first that fits, which is then gone. */
  readonly take: (ask: Ask) => Script | undefined
}

export function createAnswers (): ScriptQueue {
  const queue: Script[] = []
  return {
    push: (...scripts) => { queue.push(...scripts) },
    clear: () => { queue.length = 0 },
    get pending () { return queue.length },
    take (ask) {
      const found = queue.findIndex(({ model, path }) =>
        (model === undefined || model === ask.model.id) && (path === undefined || path === ask.request.path))
      return found < 0 ? undefined : queue.splice(found, 1)[0]
    },
  }
}
