// Turns an error of a step or a handler into the reply that the route's clients expect, and logs it for the operator.
import type { ErrorRenderer, Log, ReceivedHeaders, Reply } from '../contract.ts'
import { renderGoogleError } from '../dialects/gemini/errors.ts'
import { renderAnthropicError } from '../dialects/messages/errors.ts'
import { renderOpenAiError } from '../dialects/shared/openai-error.ts'
import { toGatewayError } from '../errors.ts'

export interface Failed {
  readonly id: string
  readonly headers: ReceivedHeaders
  /** The route's renderer. Without a route, the path decides. */
  readonly renderError:
    | ErrorRenderer
    | undefined
  /** Without the query. */
  readonly path: string
  /** Whether the client has left. The error is then only a consequence. */
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

/** The renderer for unknown paths: Anthropic's clients get Anthropic's form, and Google's get Google's. */
export function rendererOfUnknown (path: string): ErrorRenderer {
  if (/^\/[^/]+(?:\/v1)?\/v1beta(?:\/|$)/.test(path)) return renderGoogleError
  return /^\/[^/]+(?:\/v1){0,2}\/messages(?:\/|$)/.test(path) ? renderAnthropicError : renderOpenAiError
}
