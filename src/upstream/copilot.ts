// One call to Copilot on behalf of an account: the right host, headers built from scratch, one renewal of the token and
// one repetition after a 401, and nothing repeated otherwise.
import type { Account } from '../auth/account.ts'
import type { Config } from '../config.ts'
import type { Bytes, Headers } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { userAgent } from './exchange.ts'
import { copilotBase } from './hosts.ts'
import type { Send, UpstreamResponse } from './send.ts'
import type { CopilotToken } from './secrets.ts'
import type { Defer, Tokens } from './tokens.ts'

export interface CopilotCall {
  readonly account: Account
  /** From `readAccountType`. */
  readonly accountType: string | null
  readonly method: 'GET' | 'POST'
  /** Below the host, such as `/chat/completions`. */
  readonly path: string
  readonly body: Bytes | string | null
  readonly intent: 'conversation-panel' | 'conversation-agent' | 'model-access'
  /** Who caused the call: it decides what GitHub charges. Null where nothing is charged. */
  readonly initiator: 'user' | 'agent' | null
  /** Whether an image is in the body: upstream wants to know, and only then. */
  readonly vision: boolean
  /** What the dialect has beside its body. */
  readonly headers?: Headers
  readonly requestId: string
  readonly signal: AbortSignal
  readonly headersMs: number
  readonly defer: Defer
}

/** @throws {GatewayError} what `Tokens` and `Send` throw; `github_token_rejected` when Copilot refuses a new token too */
export type Copilot = (call: CopilotCall) => Promise<UpstreamResponse>

export function createCopilot (config: Config, send: Send, tokens: Tokens): Copilot {
  const sendWith = (call: CopilotCall, token: CopilotToken, base: string | null) => send({
    method: call.method,
    url: copilotBase(call.accountType, base, config) + call.path,
    headers: copilotHeaders(config, call, token),
    body: call.body,
    signal: call.signal,
    headersMs: call.headersMs,
  })

  return async call => {
    const { token, base } = tokens.warm(call.account) ?? await tokens.get(call.account, call.defer)
    const response = await sendWith(call, token, base)
    if (response.status !== 401) return response
    response.body.cancel()
    const renewed = await tokens.renew(call.account, token, call.defer)
    const second = await sendWith(call, renewed.token, renewed.base)
    if (second.status !== 401) return second
    second.body.cancel()
    throw new GatewayError('github_token_rejected', 'Copilot refuses this account even with a new token. Check the seat at github.com/settings/copilot; then link GitHub again at /.')
  }
}

function copilotHeaders (config: Config, call: CopilotCall, token: CopilotToken): Record<string, string> {
  const headers: Record<string, string> = {
    ...call.headers,
    authorization: `Bearer ${token}`,
    'accept-encoding': 'identity',
    'user-agent': userAgent(config),
    'editor-version': config.editorVersion,
    'editor-plugin-version': config.pluginVersion,
    'copilot-integration-id': config.integrationId,
    'openai-intent': call.intent,
    'x-github-api-version': config.copilotApiVersion,
    'x-request-id': call.requestId,
    'x-vscode-user-agent-library-version': 'electron-fetch',
  }
  if (call.body !== null) headers['content-type'] = 'application/json'
  if (call.initiator !== null) headers['x-initiator'] = call.initiator
  if (call.vision) headers['copilot-vision-request'] = 'true'
  return headers
}
