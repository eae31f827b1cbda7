// Instructor, which turns a schema of zod 3 into a tool or a format, on OpenAI's library. It has no tool loop.
import createInstructor from '@instructor-ai/instructor'
import OpenAI from 'openai'
import { z } from 'zod/v3'
import { openAi, perform, reportOf } from './flows.mjs'

const report = reportOf(z)
const client = new OpenAI({ ...openAi, maxRetries: 0 })

function flowsOf (mode) {
  const instructor = createInstructor({ client, mode })
  const ask = ({ model, question }, more) =>
    instructor.chat.completions.create({ model, messages: [{ role: 'user', content: question }],
      response_model: { schema: report, name: 'report' }, max_retries: 0, ...more })
  return {
    [mode]: async task => ({ report: await ask(task) }),
    async [`${mode}, streamed`] (task) {
      let last
      for await (const partial of await ask(task, { stream: true })) last = partial
      return { report: last }
    },
  }
}

// Its mode JSON_SCHEMA sends a schema in a field that OpenAI's API does not have.
await perform({ ...flowsOf('TOOLS'), ...flowsOf('FUNCTIONS'), ...flowsOf('JSON') })
