// Mastra's agent: its own connection to a compatible server, and the AI SDK's providers.
import { Agent } from '@mastra/core/agent'
import { createTool } from '@mastra/core/tools'
import { createAnthropic } from 'ai-6-anthropic'
import { createOpenAI } from 'ai-6-openai'
import { anthropic, gather, openAi, perform, report, weather } from './flows.mjs'

const connections = {
  'Chat': model => ({ id: `gateway/${model}`, url: openAi.baseURL, apiKey: openAi.apiKey }),
  'Responses': createOpenAI(openAi),
  'Messages': createAnthropic({ ...anthropic, baseURL: openAi.baseURL }),
}

function agentOf (model, lookUp) {
  const { name, description, schema: inputSchema } = weather
  const tools = { [name]: createTool({ id: name, description, inputSchema, execute: async input => lookUp(input) }) }
  return new Agent({ id: 'reporter', name: 'Reporter', instructions: 'Be brief.', model, ...lookUp && { tools } })
}

function flowsOf (dialect, connect) {
  return {
    [dialect]: async ({ model, prompt, lookUp }) => ({
      text: (await agentOf(connect(model), lookUp).generate(prompt)).text,
    }),
    [`${dialect}, streamed`]: async ({ model, prompt, lookUp }) =>
      gather((await agentOf(connect(model), lookUp).stream(prompt)).textStream),
    [`${dialect}, structuredOutput`]: async ({ model, question }) => ({
      report: (await agentOf(connect(model)).generate(question, { structuredOutput: { schema: report } })).object,
    }),
  }
}

await perform(Object.assign({}, ...Object.entries(connections).map(([dialect, each]) => flowsOf(dialect, each))))
