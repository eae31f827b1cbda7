// A major of Vercel's AI SDK, with its providers for OpenAI (Responses and Chat), Anthropic and compatible servers.
import { anthropic, gather, openAi, perform, report, weather } from './flows.mjs'

const [, , major] = process.argv
const ai = await import(`ai-${major}`)
const { createOpenAI } = await import(`ai-${major}-openai`)
const { createAnthropic } = await import(`ai-${major}-anthropic`)
const { createOpenAICompatible } = await import(`ai-${major}-openai-compatible`)

const openai = createOpenAI(openAi)
const providers = {
  'Responses': model => openai.responses(model),
  'Chat': model => openai.chat(model),
  'Messages': createAnthropic({ ...anthropic, baseURL: openAi.baseURL }),
  'compatible': createOpenAICompatible({ name: 'gateway', supportsStructuredOutputs: true, ...openAi }),
}

function loopOf (provider, { model, prompt, lookUp }) {
  const { description, schema: inputSchema } = weather
  const upTo = ai.stepCountIs ?? ai.isStepCount
  return { model: provider(model), prompt, maxRetries: 0, stopWhen: upTo(4),
    tools: { [weather.name]: ai.tool({ description, inputSchema, execute: lookUp }) } }
}

function flowsOf (dialect, provider) {
  return {
    [`${dialect}, generateText`]: async task => ({ text: (await ai.generateText(loopOf(provider, task))).text }),
    [`${dialect}, streamText, streamed`]: task => gather(ai.streamText(loopOf(provider, task)).textStream),
    async [`${dialect}, generateObject`] ({ model, question }) {
      const asked = { model: provider(model), prompt: question, schema: report, maxRetries: 0 }
      return { report: (await ai.generateObject(asked)).object }
    },
    async [`${dialect}, Output.object`] ({ model, question }) {
      const output = ai.Output.object({ schema: report })
      const asked = { model: provider(model), prompt: question, maxRetries: 0 }
      // The major 5 has it under a name of its own.
      if (major === '5') {
        return { report: (await ai.generateText({ ...asked, experimental_output: output })).experimental_output }
      }
      return { report: (await ai.generateText({ ...asked, output })).output }
    },
  }
}

await perform(Object.assign({}, ...Object.entries(providers).map(([dialect, provider]) => flowsOf(dialect, provider))))
