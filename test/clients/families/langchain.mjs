// LangChain's agent, with its clients for OpenAI (Chat and Responses) and for Anthropic.
import { ChatAnthropic } from '@langchain/anthropic'
import { ChatOpenAI } from '@langchain/openai'
import { createAgent, tool } from 'langchain'
import { anthropic, openAi, perform, report, weather } from './flows.mjs'

const openai = (model, more) =>
  new ChatOpenAI({ model, apiKey: openAi.apiKey, configuration: { baseURL: openAi.baseURL }, maxRetries: 0, ...more })
const clients = {
  'Chat': model => openai(model),
  'Responses': model => openai(model, { useResponsesApi: true }),
  'Messages': model =>
    new ChatAnthropic({ model, apiKey: anthropic.apiKey, anthropicApiUrl: anthropic.baseURL, maxRetries: 0,
      maxTokens: 1_000 }),
}

const agentOf = (client, { model, lookUp }) => createAgent({ model: client(model), tools: [tool(lookUp, weather)] })
const says = content => ({ messages: [{ role: 'user', content }] })

function flowsOf (dialect, client) {
  return {
    async [`${dialect}, agent`] (task) {
      const { messages } = await agentOf(client, task).invoke(says(task.prompt))
      return { text: messages.at(-1).text }
    },
    async [`${dialect}, agent, streamed`] (task) {
      let [text, pieces] = ['', 0]
      const stream = await agentOf(client, task).stream(says(task.prompt), { streamMode: 'messages' })
      for await (const [message] of stream) {
        if (message.getType() !== 'ai' || message.text === '') continue
        text += message.text
        pieces++
      }
      return { text, pieces }
    },
    [`${dialect}, withStructuredOutput`]: async ({ model, question }) => ({
      report: await client(model).withStructuredOutput(report).invoke(question),
    }),
    [`${dialect}, withStructuredOutput, functionCalling`]: async ({ model, question }) => ({
      report: await client(model).withStructuredOutput(report, { method: 'functionCalling' }).invoke(question),
    }),
  }
}

await perform(Object.assign({}, ...Object.entries(clients).map(([dialect, client]) => flowsOf(dialect, client))))
