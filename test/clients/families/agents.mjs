// OpenAI Agents, on Responses and on Chat.
import { Agent, OpenAIProvider, Runner, tool } from '@openai/agents'
import { gather, openAi, perform, report, weather } from './flows.mjs'

const { name, description, schema: parameters } = weather

function flowsOf (dialect, useResponses) {
  const modelProvider = new OpenAIProvider({ ...openAi, useResponses })
  const runner = new Runner({ modelProvider, tracingDisabled: true })
  const agent = (model, more) => new Agent({ name: 'Reporter', instructions: 'Be brief.', model, ...more })
  const withTool = ({ model, lookUp }) =>
    agent(model, { tools: [tool({ name, description, parameters, execute: lookUp })] })
  return {
    [dialect]: async task => ({ text: (await runner.run(withTool(task), task.prompt)).finalOutput }),
    async [`${dialect}, streamed`] (task) {
      const result = await runner.run(withTool(task), task.prompt, { stream: true })
      const gathered = await gather(result.toTextStream())
      await result.completed
      return gathered
    },
    [`${dialect}, outputType`]: async ({ model, question }) => ({
      report: (await runner.run(agent(model, { outputType: report }), question)).finalOutput,
    }),
  }
}

await perform({ ...flowsOf('Responses', true), ...flowsOf('Chat', false) })
