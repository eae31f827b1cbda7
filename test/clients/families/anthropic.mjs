// Anthropic's own library: the flows of its examples.
import Anthropic from '@anthropic-ai/sdk'
import { betaZodTool } from '@anthropic-ai/sdk/helpers/beta/zod'
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod'
import { anthropic, perform, report, weather } from './flows.mjs'

const client = new Anthropic({ ...anthropic, maxRetries: 0 })
const asked = (model, content) => ({ model, max_tokens: 1_000, messages: [{ role: 'user', content }] })
const { name, description, schema: inputSchema } = weather
const textOf = ({ content }) => content.map(block => block.type === 'text' ? block.text : '').join('')

await perform({
  'toolRunner': async ({ model, prompt, lookUp }) => ({
    text: textOf(
      await client.beta.messages.toolRunner({ ...asked(model, prompt),
        tools: [betaZodTool({ name, description, inputSchema, run: lookUp })] }),
    ),
  }),
  async 'toolRunner, streamed' ({ model, prompt, lookUp }) {
    const runner = client.beta.messages.toolRunner({ ...asked(model, prompt), stream: true,
      tools: [betaZodTool({ name, description, inputSchema, run: lookUp })] })
    let [text, pieces] = ['', 0]
    for await (const stream of runner) {
      stream.on('text', () => pieces++)
      text = textOf(await stream.finalMessage())
    }
    return { text, pieces }
  },
  async 'parse' ({ model, question }) {
    const answer = await client.messages.parse({ ...asked(model, question),
      output_config: { format: zodOutputFormat(report) } })
    return { report: answer.parsed_output }
  },
  async 'parse, streamed' ({ model, question }) {
    const answer = await client.messages.stream({ ...asked(model, question),
      output_config: { format: zodOutputFormat(report) } }).finalMessage()
    return { report: answer.parsed_output }
  },
  async 'a loop by hand, streamed' ({ model, prompt, lookUp }) {
    const tools = [{ name, description, input_schema: inputSchema.toJSONSchema() }]
    const first = await client.messages.stream({ ...asked(model, prompt), tools }).finalMessage()
    const results = first.content.filter(({ type }) => type === 'tool_use').map(({ id, input }) => ({
      type: 'tool_result',
      tool_use_id: id,
      content: lookUp(input),
    }))
    const messages = [{ role: 'user', content: prompt }, { role: 'assistant', content: first.content }, {
      role: 'user',
      content: results,
    }]
    let pieces = 0
    const last = client.messages.stream({ ...asked(model, prompt), messages, tools }).on('text', () => pieces++)
    return { text: textOf(await last.finalMessage()), pieces }
  },
})
