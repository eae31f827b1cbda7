// One call to Copilot on behalf of an account: chooses the host, builds the headers from scratch, and handles a 401.
// After a 401 it repeats the call with a new token. If Copilot refuses that token too, it pauses and repeats the call
// one last time. It repeats nothing else.
import type { Account } from '../auth/account.ts'
import type { Config } from '../config.ts'
import type { Bytes, Headers } from '../contract.ts'
import { userAgent } from './exchange.ts'
import { GatewayError } from '../errors.ts'
import { pause } from '../pause.ts'
import { directAuthorization, directIntegration } from './direct.ts'
import { copilotBase } from './hosts.ts'
import { readExcerpt } from './read-body.ts'
import type { Send, UpstreamResponse } from './send.ts'
import { isDirect, type CopilotToken } from './secrets.ts'
import type { Access, Defer, Tokens } from './tokens.ts'

export interface CopilotCall {
  readonly account: Account
  /** The result of `readAccountType`. */
  readonly accountType: string | null
  readonly method:
    | 'GET'
    | 'POST'
  /** The path below the host, such as `/chat/completions`. */
  readonly path: string
  readonly body: Bytes | string | null
  readonly intent:
    | 'conversation-panel'
    | 'conversation-agent'
    | 'model-access'
  /** Whether a person or an agent caused the call: GitHub charges by it. Null where GitHub charges nothing. */
  readonly initiator:
    | 'user'
    | 'agent'
    | null
  /** Whether the body contains an image. Only then the request carries a header that says so. */
  readonly vision: boolean
  /** One id for all calls of a conversation: Copilot keys its prompt cache on it. Only set for model calls. */
  readonly interaction?: string
  /** What the call is for, if it differs from the intent. */
  readonly interactionType?: 'conversation-compaction'
  /** Headers that the dialect adds to its body. */
  readonly headers?: Headers
  readonly requestId: string
  readonly signal: AbortSignal
  readonly headersMs: number
  readonly defer: Defer
  /** All calls that answer one client request share this budget. A call without it has a budget of its own. */
  readonly repeats?: Repeats
}

/** The number of repetitions that are left. */
export interface Repeats {
  left: number
}
/** Contract section 4: at most two repetitions, for all causes together. */
export const createRepeats = (): Repeats => ({ left: 2 })

/**
 * @throws {GatewayError} the errors of `Tokens` and `Send`; `github_token_rejected` when Copilot refuses a new token
 * too
 */
export type Copilot = (call: CopilotCall) => Promise<UpstreamResponse>

/** Copilot ended the session of Auto that the call was sent with. Its token is fine. */
export class AutoSessionEnded extends GatewayError {
  constructor () {
    super('upstream_error', 'Copilot ended the session of `auto` of this conversation. Send the request again.')
  }
}

/** The header of a session of Auto. */
export const sessionHeader = 'copilot-session-token'

export function createCopilot (config: Config, send: Send, tokens: Tokens, wait = pause): Copilot {
  const sendWith = (call: CopilotCall, { token, base }: Access) => {
    const url = copilotBase(call.accountType, base, config) + call.path
    const headers = copilotHeaders(config, call, token)
    const response = send({
      method: call.method,
      url,
      headers: isDirect(token) ? asCommandLine(headers, token, url) : headers,
      body: call.body,
      signal: call.signal,
      headersMs: call.headersMs,
    })
    return call.headers?.[sessionHeader] === undefined ? response : response.then(assertSession)
  }

  return async call => {
    const access = tokens.warm(call.account) ?? await tokens.get(call.account, call.defer)
    const response = await sendWith(call, access)
    return response.status === 401 ? repeat(call, access, response) : accepted(call, access, response)
  }

  async function repeat (call: CopilotCall, first: Access, refusal: UpstreamResponse): Promise<UpstreamResponse> {
    const { account, defer, repeats = createRepeats() } = call
    refusal.body.cancel()
    let access = first
    let hasPaused = false
    while (repeats.left > 0) {
      const renewal = await tokens.renew(account, access.token, defer)
      // GitHub's own clients pause too: Copilot may refuse a new token for a moment. Another call may renew it
      // meanwhile.
      if (renewal.isSame) await wait(1_000 + 1_000 * Math.random(), call.signal)
      const next = renewal.isSame ? await tokens.get(account, defer) : renewal
      hasPaused = next.token === access.token
      access = next
      repeats.left--
      const response = await sendWith(call, access)
      if (response.status !== 401) return accepted(call, access, response)
      response.body.cancel()
    }
    throw await tokens.giveUp(account, access.token, hasPaused)
  }

  /** Copilot checks the token first. So if it refuses the request for another reason, the token is good. */
  function accepted ({ account, defer }: CopilotCall, { token }: Access, response: UpstreamResponse): UpstreamResponse {
    if (response.status < 500) tokens.accepted(account, token, defer)
    return response
  }
}

/** @throws {AutoSessionEnded} */
async function assertSession (response: UpstreamResponse): Promise<UpstreamResponse> {
  if (response.status === 401 && /auto-mode selector/i.test(await readExcerpt(response, 1_024))) {
    throw new AutoSessionEnded()
  }
  return response
}

/** The versions that GitHub's own client sends: `docs/spec/copilot.md#headers`. */
const apiVersions = { models: '2026-07-01', generation: '2026-01-09', auto: '2026-08-01' } as const

/** Copilot knows `/auto` only from its version on, so an older setting of the operator does not count there. */
function apiVersion ({ copilotApiVersion: own }: Config, path: string): string {
  if (path === '/auto') return own !== null && own > apiVersions.auto ? own : apiVersions.auto
  return own ?? (path === '/models' ? apiVersions.models : apiVersions.generation)
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
    'x-github-api-version': apiVersion(config, call.path),
    'x-request-id': call.requestId,
    'x-vscode-user-agent-library-version': 'electron-fetch',
  }
  if (call.body !== null) headers['content-type'] = 'application/json'
  if (call.initiator !== null) headers['x-initiator'] = call.initiator
  if (call.interaction !== undefined) {
    headers['x-interaction-id'] = call.interaction
    headers['x-interaction-type'] = call.interactionType ?? call.intent
    headers['x-agent-task-id'] = call.requestId
  }
  if (call.vision) headers['copilot-vision-request'] = 'true'
  return headers
}

/** Copilot accepts a token that was not exchanged from GitHub's own command line, which is no editor. */
function asCommandLine (
  { 'editor-version': _editor, 'editor-plugin-version': _plugin, 'x-vscode-user-agent-library-version': _library,
    ...headers }: Record<string, string>,
  token: CopilotToken,
  url: string,
): Record<string, string> {
  return { ...headers, authorization: directAuthorization(token, url), 'copilot-integration-id': directIntegration }
}
