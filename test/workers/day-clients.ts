// Seven kinds of clients, each with the requests of one session of coding work. A request knows the answers before it.
import { twoCalls } from '../suite/openai.ts'

export interface Conversation {
  readonly path: (username: string) => string
  readonly body: (n: number) => object
  /** Takes the answer that the next request builds on. */
  readonly received: (text: string) => void
}

const question = (n: number) => `Step ${n}. ${'Look at the file and say what to change. '.repeat(10)}`
const schema = { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] }
const tool = { name: 'get_weather', description: 'The weather of a place.', parameters: schema }
const toolOfMessages = { name: tool.name, description: tool.description, input_schema: schema }

export const kinds: Readonly<Record<string, () => Conversation>> = {
  'chat, streamed': () =>
    turnsOf('/v1/chat/completions', turns => ({ model: 'gpt-4o', stream: true, messages: turns })),
  'chat with tools, a model that reasons': () =>
    turnsOf('/v1/chat/completions', turns => ({ model: 'claude-sonnet-4.5', messages: turns, tools: [{
      type: 'function',
      function: tool,
    }] }), twoCalls),
  'messages, streamed': () =>
    turnsOf('/v1/messages',
      turns => ({ model: 'claude-opus-4.8', max_tokens: 2_000, stream: true, messages: turns,
        tools: [toolOfMessages] })),
  'messages to another vendor': () =>
    turnsOf('/v1/messages',
      turns => ({ model: 'gpt-5.3-codex', max_tokens: 2_000, stream: true, messages: turns,
        thinking: { type: 'enabled', budget_tokens: 1_024 } })),
  'responses with previous_response_id': () => chainOf('gpt-5.1', false),
  'responses with previous_response_id, translated and streamed': () => chainOf('claude-sonnet-4.5', true),
  'gemini, streamed': () => {
    const contents: object[] = []
    return {
      path: username => `/${username}/v1beta/models/gemini-2.5-pro:streamGenerateContent?alt=sse`,
      body (n) {
        contents.push({ role: 'user', parts: [{ text: question(n) }] })
        return { contents }
      },
      received () {
        contents.push({ role: 'model', parts: [{ text: 'Done.' }] })
      },
    }
  },
}

function turnsOf (path: string, bodyOf: (turns: readonly object[]) => object, more = ''): Conversation {
  const turns: object[] = []
  return {
    path: username => `/${username}${path}`,
    body (n) {
      turns.push({ role: 'user', content: question(n) + more })
      return bodyOf(turns)
    },
    received () {
      turns.push({ role: 'assistant', content: 'Done.' })
    },
  }
}

function chainOf (model: string, stream: boolean): Conversation {
  let last: string | undefined
  return {
    path: username => `/${username}/v1/responses`,
    body: n => ({ model, stream, store: true, input: question(n), instructions: 'Be short.',
      ...last !== undefined && { previous_response_id: last } }),
    received (text) {
      const lines = text.split('\n').filter(line => line.startsWith('data: {'))
      const json = JSON.parse(lines.at(-1)?.slice('data: '.length) ?? text) as { id?: string,
        response?: { id: string } }
      last = json.response?.id ?? json.id
    },
  }
}
