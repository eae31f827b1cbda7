// The outcome of every request field in every direction. `npm run docs` generates `docs/translation.md` from this
// table, and a test fails when a decoder reads a field that is not in it.
import type { ClientName, DialectName } from './dialect.ts'
import { cell, type Cell, type Field } from './field.ts'
import { geminiFields } from './field-table-gemini.ts'

const chat = (name: string, own: Cell, responses: Cell, messages: Cell): Field => ({ name,
  to: { 'openai-chat': cell(own), 'openai-responses': cell(responses), 'anthropic-messages': cell(messages) } })
const responses = (name: string, own: Cell, toChat: Cell, messages: Cell): Field => ({ name,
  to: { 'openai-chat': cell(toChat), 'openai-responses': cell(own), 'anthropic-messages': cell(messages) } })
const messages = (name: string, own: Cell, toChat: Cell, toResponses: Cell): Field => ({ name,
  to: { 'openai-chat': cell(toChat), 'openai-responses': cell(toResponses), 'anthropic-messages': cell(own) } })
const each = (
  names: readonly string[],
  make: (name: string, a: Cell, b: Cell, c: Cell) => Field,
  a: Cell,
  b: Cell,
  c: Cell,
): Field[] => names.map(name => make(name, a, b, c))

const searched = 'the gateway searches, see search.md'
const vendor: Cell = ['dropped', 'Copilot refuses or ignores it']

export const fieldTable: Readonly<Record<ClientName, readonly Field[]>> = {
  'google-gemini': geminiFields,
  'openai-chat': [chat('model', ['mapped', 'aliases and Claude ids'], 'mapped', 'mapped'),
    chat('messages', 'kept', ['mapped', 'items in place'], ['mapped', 'leading instructions to system, turns merged']),
    chat('input', ['mapped', 'a Responses body (Cursor) is read as one and answered as Chat'], 'mapped', 'mapped'),
    chat('max_completion_tokens', ['mapped', 'max_tokens for Claude and Gemini'], ['mapped', 'at least 16'], ['mapped',
      'clamped to the model']),
    chat('max_tokens', ['mapped', 'max_completion_tokens for reasoning models'], ['mapped', 'at least 16'], ['mapped',
      'clamped to the model']), chat('top_k', ['kept', 'not of the dialect; upstream decides'], 'dropped', 'mapped'),
    ...each(['temperature', 'top_p'], chat, ['kept', 'dropped for reasoning models'], ['mapped',
      'dropped for reasoning models'], ['mapped', 'clamped to 1; dropped with thinking']),
    ...each(['frequency_penalty', 'presence_penalty', 'seed'], chat, ['kept', 'dropped for Claude and Gemini'],
      'dropped', 'dropped'), ...each(['prediction', 'moderation'], chat, 'kept', 'dropped', 'dropped'),
    chat('logit_bias', ['kept', 'dropped for Claude and Gemini'], ['refused', 'unless empty'], ['refused',
      'unless empty']), ...each(['logprobs', 'top_logprobs'], chat, 'kept', 'mapped', 'refused'),
    chat('n', 'kept', ['refused', 'unless 1'], ['refused', 'unless 1']),
    chat('stop', 'kept', ['emulated', 'the text is cut here'], 'mapped'),
    chat('stream', ['kept', 'false for models that do not stream'], 'mapped', 'mapped'),
    chat('stream_options', 'kept', 'emulated', 'emulated'),
    chat('tools', 'kept', ['mapped', 'strict is always set'], ['mapped', 'free-text tools as functions']),
    ...each(['tool_choice', 'parallel_tool_calls'], chat, ['kept', 'dropped without tools'], 'mapped', 'mapped'),
    ...each(['functions', 'function_call'], chat, ['kept', "mapped, if the model is not OpenAI's"], 'mapped', 'mapped'),
    chat('response_format', 'kept', 'mapped', ['mapped', 'json_object as an instruction']),
    chat('reasoning_effort', 'kept', ['mapped', 'clamped to what the model lists'], ['mapped', 'thinking and effort']),
    chat('thinking_budget', ['kept', "Copilot's own field"], ['mapped', 'as an effort'], 'mapped'),
    chat('verbosity', ['kept', 'dropped for Claude and Gemini'], 'mapped', 'dropped'),
    ...each(['modalities', 'audio'], chat, 'kept', ['refused', 'audio'], ['refused', 'audio']),
    chat('web_search_options', ['emulated', searched], 'mapped', ['emulated', searched]),
    ...each(['metadata', 'store', 'service_tier'], chat, vendor, vendor, vendor),
    ...each(['user', 'safety_identifier'], chat, ['kept', 'dropped for Claude and Gemini'], 'dropped', ['mapped',
      'metadata.user_id, unless it is an address']),
    chat('prompt_cache_key', ['kept', 'dropped for Claude and Gemini'], 'mapped', ['dropped',
      'cache breakpoints are set instead']),
    ...each(['prompt_cache_options', 'prompt_cache_retention'], chat, 'kept', 'dropped', 'dropped')],
  'openai-responses': [responses('model', ['mapped', 'aliases and Claude ids'], 'mapped', 'mapped'),
    responses('input', ['mapped', 'item ids that Copilot does not know are left out'], 'mapped', 'mapped'),
    responses('instructions', 'kept', ['mapped', 'the first system message'], ['mapped', 'system']),
    responses('max_output_tokens', ['mapped', 'at least 16'], 'mapped', ['mapped', 'clamped to the model']),
    ...each(['temperature', 'top_p'], responses, ['dropped', 'reasoning models refuse them'], 'mapped', ['mapped',
      'clamped to 1; dropped with thinking']), responses('top_logprobs', 'kept', 'mapped', 'refused'),
    responses('include', ['mapped', 'encrypted reasoning is always asked for'], ['mapped',
      'log-probabilities; the rest is dropped'], ['emulated', 'encrypted reasoning']),
    responses('tools', ['mapped', 'web_search stays; other server tools are left out or refused'], ['mapped',
      'namespaces flattened, free text as functions'], ['mapped', 'namespaces flattened, free text as functions']),
    ...each(['tool_choice', 'parallel_tool_calls'], responses, 'kept', 'mapped', 'mapped'),
    responses('max_tool_calls', 'dropped', ['emulated', 'limits the searches'], ['emulated', 'limits the searches']),
    responses('reasoning', 'kept', ['mapped', 'effort; the summary is for the client'], ['mapped',
      'thinking and effort']),
    responses('text', 'kept', ['mapped', 'format and verbosity'], ['mapped', 'format; verbosity is dropped']),
    ...each(['previous_response_id'], responses, ['emulated', 'from memory, for an hour'], ['emulated',
      'from memory, for an hour'], ['emulated', 'from memory, for an hour']),
    ...each(['conversation', 'prompt'], responses, 'refused', 'refused', 'refused'),
    responses('background', ['refused', 'unless false'], ['refused', 'unless false'], ['refused', 'unless false']),
    responses('store', ['emulated', 'false upstream; kept here for an hour'], 'emulated', 'emulated'),
    responses('stream', 'kept', 'mapped', 'mapped'),
    ...each(['stream_options', 'truncation', 'context_management', 'moderation', 'access_programs', 'image',
      'client_metadata', 'prompt_cache_options', 'prompt_cache_retention'], responses, ['dropped',
      'or kept where Copilot knows it'], 'dropped', 'dropped'),
    responses('metadata', ['dropped', 'echoed in the answer'], ['dropped', 'echoed in the answer'], ['dropped',
      'echoed in the answer']),
    ...each(['user', 'safety_identifier'], responses, vendor, 'dropped', ['mapped',
      'metadata.user_id, unless it is an address']),
    responses('prompt_cache_key', 'kept', 'mapped', ['dropped', 'cache breakpoints are set instead']),
    responses('service_tier', vendor, vendor, vendor)],
  'anthropic-messages': [messages('model', ['mapped', 'aliases and Claude ids'], 'mapped', 'mapped'),
    messages('system', ['kept', 'the billing line is left out'], ['mapped', 'one system message'], ['mapped',
      'instructions']),
    messages('messages', ['kept', 'empty texts and foreign state are left out'], 'mapped', 'mapped'),
    messages('max_tokens', ['kept', 'clamped to the model'], 'mapped', ['mapped', 'at least 16']),
    ...each(['temperature', 'top_p'], messages, ['kept', 'one of the two; none with thinking'], ['mapped',
      'dropped for reasoning models'], ['mapped', 'dropped for reasoning models']),
    messages('top_k', ['kept', 'dropped with thinking'], 'dropped', 'dropped'),
    messages('stop_sequences', 'kept', ['mapped', 'more than four: emulated'], ['emulated', 'the text is cut here']),
    messages('stream', 'kept', 'mapped', 'mapped'),
    messages('thinking', ['kept', 'fitted to the model'], ['mapped', 'as an effort or a budget'], ['mapped',
      'as an effort']),
    messages('output_config', ['kept', 'effort and format'], ['mapped', 'effort and format'], ['mapped',
      'effort and format']), messages('output_format', ['mapped', 'as output_config.format'], 'mapped', 'mapped'),
    messages('tools', ['kept', `${searched}; other server tools are left out or refused`], ['mapped',
      "the client's own tools by their schema"], ['mapped', 'strict is always set']),
    messages('tool_choice', 'kept', 'mapped', 'mapped'),
    messages('metadata', 'kept', ['mapped', 'as a cache key'], ['mapped', 'as a cache key']),
    messages('cache_control', ['dropped', 'Copilot takes it on blocks only'], ['mapped',
      'copilot_cache_control for Claude'], ['dropped', 'prefixes are cached by themselves']),
    messages('context_management', ['kept', 'with its beta'], 'dropped', 'dropped'),
    ...each(['service_tier', 'speed', 'inference_geo', 'diagnostics', 'fallbacks', 'fallback_credit_token',
      'billing_policy', 'compaction', 'betas'], messages, vendor, 'dropped', 'dropped'),
    ...each(['container', 'mcp_servers', 'thread'], messages, vendor, ['refused', 'unless empty'], ['refused',
      'unless empty'])],
}

const upstreams: Readonly<Record<DialectName, string>> = { 'openai-chat': 'Chat Completions',
  'openai-responses': 'Responses', 'anthropic-messages': 'Messages' }
const clients: Readonly<Record<ClientName, string>> = { ...upstreams, 'google-gemini': 'Gemini' }

/** The table in the form of the document. */
export function renderFieldTable (): string {
  const names = Object.keys(upstreams) as DialectName[]
  return (Object.keys(clients) as ClientName[]).map(client =>
    [`## ${clients[client]} client`, '', `| Field | ${
      names.map(name => name === client ? `${upstreams[name]} (the same)` : `→ ${upstreams[name]}`).join(' | ')
    } |`, `|---|${
      names.map(() => '---|').join('')
    }`, ...fieldTable[client].map(({ name, to }) =>
      `| \`${name}\` | ${names.map(each => to[each].filter(word => word !== undefined).join(': ')).join(' | ')} |`
    )].join('\n')
  ).join('\n\n') + '\n'
}
