// OpenAI's own library: the flows of its examples.
import OpenAI from 'openai'
import { zodFunction, zodResponseFormat, zodResponsesFunction, zodTextFormat } from 'openai/helpers/zod'
import { gather, openAi, perform, report, weather } from './flows.mjs'

const client = new OpenAI({ ...openAi, maxRetries: 0 })
const says = content => [{ role: 'user', content }]
const { name, description, schema: parameters } = weather

await perform({
  'Chat, runTools': async ({ model, prompt, lookUp }) => ({
    text: await client.chat.completions.runTools({ model, messages: says(prompt),
      tools: [zodFunction({ name, description, parameters, function: lookUp })] }).finalContent(),
  }),
  async 'Chat, runTools, streamed' ({ model, prompt, lookUp }) {
    const runner = client.chat.completions.runTools({ model, messages: says(prompt), stream: true,
      tools: [zodFunction({ name, description, parameters, function: lookUp })] })
    let pieces = 0
    runner.on('content', () => pieces++)
    return { text: await runner.finalContent(), pieces }
  },
  async 'Chat, parse' ({ model, question }) {
    const { choices } = await client.chat.completions.parse({ model, messages: says(question),
      response_format: zodResponseFormat(report, 'report') })
    return { report: choices[0].message.parsed }
  },
  async 'Chat, parse, streamed' ({ model, question }) {
    const { choices } = await client.chat.completions.stream({ model, messages: says(question),
      response_format: zodResponseFormat(report, 'report') }).finalChatCompletion()
    return { report: choices[0].message.parsed }
  },
  async 'Responses, parse' ({ model, question }) {
    const answer = await client.responses.parse({ model, input: question,
      text: { format: zodTextFormat(report, 'report') } })
    return { report: answer.output_parsed }
  },
  async 'Responses, parse, streamed' ({ model, question }) {
    const answer = await client.responses.stream({ model, input: question,
      text: { format: zodTextFormat(report, 'report') } }).finalResponse()
    return { report: answer.output_parsed }
  },
  async 'Responses, a loop by hand, streamed' ({ model, prompt, lookUp }) {
    const tools = [zodResponsesFunction({ name, description, parameters })]
    const first = await client.responses.stream({ model, input: prompt, tools }).finalResponse()
    const outputs = first.output.filter(({ type }) => type === 'function_call').map(call => ({
      type: 'function_call_output',
      call_id: call.call_id,
      output: lookUp(call.parsed_arguments),
    }))
    const last = client.responses.stream({ model, tools, previous_response_id: first.id, input: outputs })
    return gather(textOf(last))
  },
})

async function* textOf (stream) {
  for await (const event of stream) if (event.type === 'response.output_text.delta') yield event.delta
}
