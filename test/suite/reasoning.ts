// Reasoning state in a tool loop on Chat. OpenAI's SDK rebuilds messages from the fields that it knows, so the client
// drops the state, and Gemini refuses a call that comes back without it. `docs/spec/copilot.md#chat-reasoning`.
import type OpenAI from 'openai'
import type { Frame } from '../fixtures/cases.ts'
import { openAi, says, tools } from './openai.ts'

const model = 'gemini-3.1-pro-preview'
const turns = 5

export function reasoningSuite ({ target, test }: Frame): void {
  for (const isStream of [false, true]) {
    test(`state that a Chat client drops is restored in each turn, ${isStream ? 'streamed' : 'whole'}`, async t => {
      target.emulator.strict.opaqueRequired = 'gemini'
      const client = openAi(await target.addUser())
      const messages: OpenAI.ChatCompletionMessageParam[] = []
      const states: string[] = []
      for (let turn = 0; turn < turns; turn++) {
        messages.push(...says(`call get_weather for "town ${turn}"`))
        const { tool_calls: calls = [], ...answer } = await ask(client, messages, isStream)
        const state = (answer as unknown as Record<string, unknown>)['reasoning_opaque']
        t.type(state, 'string')
        states.push(state as string)
        messages.push({ role: 'assistant', content: answer.content, tool_calls: calls })
        for (const { id } of calls) messages.push({ role: 'tool', tool_call_id: id, content: 'sunny' })
        const { content } = await ask(client, messages, isStream)
        messages.push({ role: 'assistant', content })
      }
      const [last] = target.seen('/chat/completions').slice(-1)
      const sent = (last?.json as { messages: Array<Record<string, unknown>> }).messages
      t.strictSame(sent.flatMap(({ tool_calls: calls, reasoning_opaque: state }) => calls === undefined ? [] : [state]),
        states)
    })
  }
}

async function ask (
  client: OpenAI,
  messages: OpenAI.ChatCompletionMessageParam[],
  isStream: boolean,
): Promise<OpenAI.ChatCompletionMessage> {
  const body = { model, messages, tools }
  const { choices } = isStream
    ? await client.chat.completions.stream(body).finalChatCompletion()
    : await client.chat.completions.create(body)
  const [choice] = choices
  if (choice === undefined) throw new Error('an answer without a choice')
  return choice.message
}
