// Turns what a step or a handler threw into the reply for the route's clients, and logs what the operator must know.
import type { ErrorRenderer, Log, ReceivedHeaders, Reply } from '../contract.ts'
import { renderAnthropicError } from '../dialects/messages/errors.ts'
import { renderOpenAiError } from '../dialects/shared/openai-error.ts'
import { toGatewayError } from '../errors.ts'

export interface Failed {
  readonly id: string
  readonly headers: ReceivedHeaders
  /** Of the route. Undefined: no route was found, and the path decides. */
  readonly renderError:
    | ErrorRenderer
    | undefined
  /** Without the query. */
  readonly path: string
  /** Whether the client has left: then the failure is only a consequence. */
  readonly isGone: boolean
}

export function createFailures (log: Log): (thrown: unknown, failed: Failed) => Reply {
  return (thrown, { id, headers, renderError, path, isGone }) => {
    const error = toGatewayError(thrown)
    if (isGone) log.debug({ reqId: id, code: 'client_gone' }, 'the client left')
    else if (error.status >= 500) {
      log.error({ reqId: id, code: error.code, status: error.status, err: error.cause ?? error }, 'request failed')
    }
    return (renderError ?? rendererOfUnknown(path))(error, { id, headers })
  }
}

/** The renderer for unknown paths: Anthropic's clients get Anthropic's form. */
export function rendererOfUnknown (path: string): ErrorRenderer {
  return /^\/[^/]+(?:\/v1){0,2}\/messages(?:\/|$)/.test(path) ? renderAnthropicError : renderOpenAiError
}
