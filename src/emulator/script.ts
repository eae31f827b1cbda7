// The scripted answers of the model, the same for all three dialects, and their queue.
import type { Ask } from './ask.ts'

export interface ScriptedCall {
  id?: string
  name: string
  /** JSON text, or the pieces in which it streams; an empty list sends none. For a custom tool: its free text. */
  arguments: string | string[]
}

/** In tokens. `inputTokens` includes those read from and written to the cache. */
export interface ScriptedUsage {
  inputTokens?: number
  outputTokens?: number
  cachedTokens?: number
  cacheWriteTokens?: number
  reasoningTokens?: number
}

/** A search that Copilot runs. Without a query, it opened the first page. */
export interface ScriptedSearch {
  queries: string[]
  /** Bare addresses. */
  sources?: string[]
  isFailed?: boolean
}

/** Marks the first place of `link` in the text. */
export interface ScriptedCitation {
  link: string
  url: string
  title: string
}

export interface Script {
  /** Only for this model, or for this path below the host's prefix. */
  model?: string
  path?: string
  /** Readable reasoning. `''` on messages gives an empty thinking block with a signature. */
  reasoning?: string
  /** Opaque state: `reasoning_opaque`, the signature, or `encrypted_content`. */
  opaque?: string
  text?:
    | string
    | string[]
  /** Sends each text delta this many times. */
  repeat?: number
  /** Generates this many bytes of text, in deltas of 1024. */
  bytes?: number
  toolCalls?: ScriptedCall[]
  /** Responses only. */
  searches?: ScriptedSearch[]
  citations?: ScriptedCitation[]
  /** Responses: how many items a compaction gives; 0: the text instead. */
  compactions?: number
  /** `stop`, `length`, `tool_calls`, `content_filter`, `refusal`, `failed`, or any value that the dialect has. */
  finish?: string
  usage?: ScriptedUsage
  /** Chat: whether `[DONE]` ends the stream. Responses: whether it follows the last event. */
  done?: boolean
  /** Chat: sends these choices unchanged, whole or in one chunk. */
  choices?: unknown
  /** The stream's events: JSON values, or text that is sent unchanged. */
  chunks?: readonly unknown[]
  /** The whole answer's JSON. */
  body?: unknown
  /** Additional response headers. */
  headers?: Record<string, string>
}

export interface ScriptQueue {
  readonly push: (...scripts: Script[]) => void
  readonly clear: () => void
  readonly pending: number
  /** Removes and returns the first script that fits. */
  readonly take: (ask: Ask) => Script | undefined
}

export function createAnswers (): ScriptQueue {
  const queue: Script[] = []
  return {
    push: (...scripts) => {
      queue.push(...scripts)
    },
    clear: () => {
      queue.length = 0
    },
    get pending () {
      return queue.length
    },
    take (ask) {
      const found = queue.findIndex(({ model, path }) =>
        (model === undefined || model === ask.model.id) && (path === undefined || path === ask.request.path)
      )
      return found < 0 ? undefined : queue.splice(found, 1)[0]
    },
  }
}
