// The operations below a user name.
import { usageColumns } from '../handlers/usage-history.ts'
import { usageDays, type AnswerDoc, type Operation } from './types.ts'

const fromCopilot = ['x-github-request-id', 'x-quota-snapshot-chat', 'x-quota-snapshot-premium_interactions',
  'x-quota-snapshot-premium_models', 'x-ratelimit-exceeded', 'retry-after', 'retry-after-ms'] as const
const wholeNumber = { type: 'integer', minimum: 0 }
/** The failures of Copilot, and of the way to it. */
const upstream = ['github_token_rejected', 'copilot_token_unstable', 'insufficient_quota', 'upstream_forbidden',
  'misdirected_request', 'upstream_rate_limited', 'upstream_error', 'upstream_overloaded', 'upstream_timeout'] as const

const generated = (says: string, schema: NonNullable<AnswerDoc['schema']>, stream: string): AnswerDoc => ({ says,
  schema, stream,
  headers: ['x-copilot-initiator', 'x-copilot-upstream', 'x-proxy-dropped', 'x-accel-buffering', ...fromCopilot] })
const generating = ['model_not_found', 'model_not_allowed', 'key_budget_exceeded', 'unsupported_parameter',
  'context_length_exceeded', ...upstream] as const

export const apiOperations = {
  createChatCompletion: {
    tag: 'API',
    summary: 'OpenAI Chat Completions',
    description: `Any chat model of the seat, streamed or not, on any endpoint of Copilot. A body `
      + `of Responses (\`input\` and no \`messages\`) is read as one, and answered as Chat.`,
    seeAlso: 'https://platform.openai.com/docs/api-reference/chat/create',
    body: 'ChatRequest',
    headers: ['x-copilot-account-type', 'x-proxy-strict'],
    answers: {
      200: generated('The answer.', 'ChatCompletion',
        'Events of `chat.completion.chunk`, then `data: [DONE]`. Comments keep a silent stream alive. A failure is '
          + 'an event `data: {"error":…}`, and then there is no `[DONE]`.'),
    },
    codes: generating,
  },
  createResponse: {
    tag: 'API',
    summary: 'OpenAI Responses',
    description: `Any chat model of the seat, streamed or not. Earlier responses are kept in the memory of the `
      + `process for an hour; \`store: false\` and the whole conversation is independent of it.`,
    seeAlso: 'https://platform.openai.com/docs/api-reference/responses/create',
    body: 'ResponseRequest',
    headers: ['x-copilot-account-type', 'x-proxy-strict'],
    answers: {
      200: generated('The answer.', 'Response',
        'Events from `response.created` to `response.completed`, `response.incomplete` or `response.failed`. A '
          + 'failure is a `response.failed` event.'),
    },
    codes: ['previous_response_not_found', 'item_not_found', ...generating],
  },
  compactResponse: {
    tag: 'API',
    summary: 'Compact a conversation',
    description: `Copilot compacts it if it serves the model on Responses; otherwise the model writes a summary. `
      + 'Later requests send the item in place of what came before it: for the same model, or for any model if the '
      + `item begins with \`cpt1.\`.`,
    seeAlso: 'https://platform.openai.com/docs/api-reference/responses/compact',
    body: 'ResponseRequest',
    headers: ['x-copilot-account-type', 'x-proxy-strict'],
    answers: {
      200: { says: "The user's messages and the item.", schema: 'CompactedResponse',
        headers: ['x-copilot-initiator', 'x-copilot-upstream', 'x-proxy-dropped', ...fromCopilot] },
    },
    codes: ['previous_response_not_found', 'item_not_found', ...generating],
  },
  countInputTokens: {
    tag: 'API',
    summary: 'How many tokens a Responses request has',
    description: `This proxy counts; on Workers it estimates. Nothing is sent to Copilot.`,
    seeAlso: 'https://platform.openai.com/docs/api-reference/responses/input-tokens',
    body: 'InputTokensRequest',
    answers: { 200: { says: 'The count.', schema: 'InputTokens', headers: ['x-token-count'] } },
    codes: ['rate_limited', 'unsupported_parameter', 'previous_response_not_found', 'item_not_found'],
  },
  searchForCodex: {
    tag: 'API',
    summary: "Codex's search of the web",
    description: `A model of the seat searches. What fails is text in the answer: Codex ends at any error.`,
    body: 'AlphaSearchRequest',
    answers: { 200: { says: 'The findings.', schema: 'AlphaSearch', headers: ['x-copilot-initiator'] } },
    codes: ['rate_limited'],
  },
  getResponse: {
    tag: 'API',
    summary: 'A response that was kept',
    description: `The process keeps responses for an hour in its memory, unless they were asked with \`store: false\`.`,
    seeAlso: 'https://platform.openai.com/docs/api-reference/responses/get',
    query: { stream: { description: 'Whether to send the response as events.', schema: { enum: ['true', 'false'] } },
      starting_after: { description: 'The number of the last event that the client has.', schema: wholeNumber } },
    answers: { 200: { says: 'The response.', schema: 'Response', stream: 'The events of the response once more.' } },
    codes: ['not_found'],
  },
  deleteResponse: {
    tag: 'API',
    summary: 'Forget a response',
    description: `Later requests cannot refer to it or to the items of its answer.`,
    seeAlso: 'https://platform.openai.com/docs/api-reference/responses/delete',
    answers: { 200: { says: 'It is forgotten.', schema: 'DeletedResponse' } },
    codes: ['not_found'],
  },
  listInputItems: {
    tag: 'API',
    summary: 'The input of a response that was kept',
    description: `The whole input, with that of earlier responses that the request referred to.`,
    seeAlso: 'https://platform.openai.com/docs/api-reference/responses/input-items',
    query: { after: { description: 'The last id of the page before.', schema: { type: 'string' } },
      limit: { description: '20 by default.', schema: { ...wholeNumber, minimum: 1, maximum: 100 } },
      order: { description: '`desc`, the newest first, by default.', schema: { enum: ['asc', 'desc'] } } },
    answers: { 200: { says: 'A page of the list.', schema: 'ItemList' } },
    codes: ['not_found', 'invalid_request'],
  },
  openResponsesSocket: {
    tag: 'API',
    summary: 'Responses over WebSocket',
    description: `Messages \`response.create\`, and OpenAI's events as messages.`,
    answers: { 101: { says: 'A WebSocket.' } },
    codes: ['websocket_unsupported', 'origin_not_allowed', 'method_not_allowed'],
  },
  createMessage: {
    tag: 'API',
    summary: 'Anthropic Messages',
    description: `Any chat model of the seat, streamed or not.`,
    seeAlso: 'https://docs.claude.com/en/api/messages',
    body: 'MessageRequest',
    headers: ['x-copilot-account-type', 'x-proxy-strict', 'anthropic-version', 'anthropic-beta'],
    answers: {
      200: generated('The answer.', 'Message',
        'Events from `message_start` to `message_stop`, with a `ping` while the model is silent. A failure is an event '
          + '`error`, and then there is no `message_stop`.'),
    },
    codes: generating,
  },
  countTokens: {
    tag: 'API',
    summary: 'How many tokens a message has',
    description: `Copilot's count if there is one. Otherwise this proxy counts; on Workers it estimates.`,
    seeAlso: 'https://docs.claude.com/en/api/messages-count-tokens',
    body: 'MessageRequest',
    headers: ['x-copilot-account-type', 'anthropic-version', 'anthropic-beta'],
    answers: { 200: { says: 'The count.', schema: 'TokenCount', headers: ['x-token-count'] } },
    codes: ['model_not_found', 'model_not_allowed', 'github_token_rejected', 'copilot_token_unstable', 'upstream_error',
      'upstream_timeout'],
  },
  createEmbedding: {
    tag: 'API',
    summary: 'Embeddings',
    description: `One string or many; as numbers or as base64, which OpenAI's SDKs ask for.`,
    seeAlso: 'https://platform.openai.com/docs/api-reference/embeddings/create',
    body: 'EmbeddingRequest',
    headers: ['x-copilot-account-type'],
    answers: {
      200: { says: 'One embedding for each string.', schema: 'EmbeddingList',
        headers: ['x-copilot-upstream', ...fromCopilot] },
    },
    codes: ['model_not_allowed', 'key_budget_exceeded', ...upstream],
  },
  listModels: {
    tag: 'API',
    summary: 'The models of the seat',
    description:
      `Copilot's own fields, and those that OpenAI's and Anthropic's clients read; free ones first. Empty if no `
      + `Copilot token can be had. Below \`/v1beta\`, and for requests with one of Google's `
      + `headers, in Google's form.`,
    query: {
      client_version: { description: "Codex's version: the answer then also has `models`, Codex's catalogue.",
        schema: { type: 'string' } },
      pageSize: { description: "In Google's form.", schema: { type: 'integer' } },
      pageToken: { description: '`nextPageToken` of the page before.', schema: { type: 'string' } },
    },
    headers: ['x-copilot-account-type'],
    answers: { 200: { says: 'The list.', schema: 'Models' } },
    codes: upstream,
  },
  getModel: {
    tag: 'API',
    summary: 'One model',
    description: `By its id, or by another name that this proxy understands.`,
    headers: ['x-copilot-account-type'],
    answers: { 200: { says: 'The model.', schema: 'AnyModel' } },
    codes: ['model_not_found', ...upstream],
  },
  callGoogleModel: {
    tag: 'API',
    summary: "Google's Gemini API",
    description: 'Any chat model of the seat. The path ends in the model and a method: `{model}:generateContent`, '
      + '`:streamGenerateContent`, `:countTokens`, `:embedContent` or `:batchEmbedContents`. Also below `/v1`, without '
      + 'a version, and with `/v1beta` doubled. Every request is translated.',
    seeAlso: 'https://ai.google.dev/api/generate-content',
    body: 'GoogleRequest',
    query: {
      alt: { description: '`sse`: a stream of events. Without it, a stream is one JSON array.',
        schema: { enum: ['sse'] } },
    },
    headers: ['x-copilot-account-type', 'x-proxy-strict'],
    answers: {
      200: {
        ...generated('The answer.', 'GoogleAnswer',
          'Events with `data` alone, each a part of the answer. The last has `finishReason` and `usageMetadata`. Empty '
            + 'lines keep a silent stream alive. A failure is an event `{"error":…}`, and then the same as bare JSON.'),
        headers: ['x-copilot-initiator', 'x-copilot-upstream', 'x-proxy-dropped', 'x-accel-buffering', 'x-token-count',
          ...fromCopilot],
      },
    },
    codes: ['not_found', ...generating],
  },
  getUsage: {
    tag: 'API',
    summary: 'The quotas of the seat',
    description: `Plan and quotas as GitHub knows them, asked at most every 30 s; and this process's calls, by `
      + `model.`,
    answers: { 200: { says: 'Quotas and counts.', schema: 'Usage' } },
    codes: ['rate_limited', ...upstream],
  },
  getUsageHistory: {
    tag: 'API',
    summary: 'Usage by day',
    description: `Counts of \`USAGE_DAYS\` days, by any of \`by\`. Takes the password or a session, not a key.`,
    query: { ...usageDays,
      by: { description: `Comma list of ${usageColumns.join(', ')}.`, schema: { type: 'string', default: 'day' } },
      format: { description: '`csv`: a table.', schema: { enum: ['json', 'csv'] } } },
    answers: { 200: { says: 'The counts.', schema: 'UsageHistory' } },
    codes: ['key_not_allowed', 'invalid_request'],
  },
  getConnectPlan: {
    tag: 'API',
    summary: 'What `connect` writes for a client',
    description: `Files and a proving call as lines, without the key.`,
    query: { model: { description: 'A model of the seat.', schema: { type: 'string' } } },
    answers: { 200: { says: 'The plan.', schema: 'Page', type: 'text/plain' } },
    codes: ['not_found', 'model_not_found', ...upstream],
  },
  listKeys: {
    tag: 'API',
    summary: "The user's keys",
    description: `Without their secrets. Takes the password, not a key.`,
    answers: { 200: { says: 'The keys.', schema: 'Keys' } },
    codes: ['key_not_allowed'],
  },
  createKey: {
    tag: 'API',
    summary: 'Create a key',
    description: `\`key\` is shown this once. A user has 20 keys at most.`,
    body: 'KeyRequest',
    answers: { 201: { says: 'The key.', schema: 'NewKey' } },
    codes: ['key_not_allowed', 'key_limit'],
  },
  editKey: {
    tag: 'API',
    summary: 'Rename a key, or change its limits',
    description: `Only the fields of the body change; null takes a limit away.`,
    body: 'KeyChange',
    answers: { 200: { says: 'The key.', schema: 'Key' } },
    codes: ['key_not_allowed', 'not_found'],
  },
  deleteKey: {
    tag: 'API',
    summary: 'Revoke a key',
    description: `At once in this process, elsewhere within \`AUTH_REVALIDATE_SECONDS\`.`,
    answers: { 200: { says: 'It is gone.', schema: 'KeyDeleted' } },
    codes: ['key_not_allowed', 'not_found'],
  },
  listSeats: {
    tag: 'API',
    summary: 'The linked GitHub accounts',
    description: `Takes the password or a session, not a key.`,
    answers: { 200: { says: 'The seats.', schema: 'Seats' } },
    codes: ['key_not_allowed'],
  },
  linkSeat: {
    tag: 'API',
    summary: 'Link a GitHub account, or replace its token',
    description: `Checks the token as \`POST /\` does. A user has five seats at most.`,
    body: 'SeatLink',
    answers: { 200: { says: 'The token was replaced.', schema: 'SavedSeat' },
      201: { says: 'The account is linked.', schema: 'SavedSeat' } },
    codes: ['key_not_allowed', 'seat_limit'],
    states: ['invalid', 'github-rejected'],
  },
  removeSeat: {
    tag: 'API',
    summary: 'Remove a seat',
    description: `Keys that are bound to it stop working. \`default\` stays.`,
    answers: { 200: { says: 'It is gone.', schema: 'SeatRemoved' } },
    codes: ['key_not_allowed', 'not_found'],
  },
  listDevices: {
    tag: 'API',
    summary: 'Where the user is signed in',
    description: `Sessions of pages. Takes the password or a session, not a key.`,
    answers: { 200: { says: 'The sessions.', schema: 'Devices' } },
    codes: ['key_not_allowed'],
  },
  deleteDevice: {
    tag: 'API',
    summary: 'Sign a device out',
    description: `At once in this process, elsewhere within \`AUTH_REVALIDATE_SECONDS\`.`,
    answers: { 200: { says: 'It is signed out.', schema: 'KeyDeleted' } },
    codes: ['key_not_allowed', 'not_found'],
  },
  listWitnessQuestions: {
    tag: 'API',
    summary: 'What the witness would ask',
    description: `Each question, and whether a free model answers it.`,
    answers: { 200: { says: 'The questions.', schema: 'WitnessQuestions' } },
  },
  runWitness: {
    tag: 'API',
    summary: 'Compare this seat with the spec',
    description: `Asks the seat small questions on free models, one after another, and says which facts of `
      + `\`docs/spec/copilot.md\` hold, which differ, and which models, fields and headers are new. The report holds `
      + `no secrets, prompts or ids.`,
    headers: ['x-copilot-account-type'],
    body: 'WitnessRequest',
    answers: { 200: { says: 'The report.', schema: 'WitnessReport' } },
    codes: ['key_not_allowed', 'rate_limited', ...upstream],
  },
  probe: {
    tag: 'API',
    summary: 'Answers probes',
    description: 'Some clients call this before their first request. It needs no credentials and no existing user.',
    answers: { 200: { says: 'At once.' } },
  },
} as const satisfies Readonly<Record<string, Operation>>
