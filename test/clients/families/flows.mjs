// Shared by the families: the tool, the schema and the questions. Each flow of a family runs with every model and
// prints one line of JSON, which families.tests.ts checks.
import { randomUUID } from 'node:crypto'
import { z } from 'zod'

const { ROOT = '', KEY = '', MODELS = '' } = process.env

/** The settings that OpenAI's and Anthropic's clients take. */
export const openAi = { baseURL: `${ROOT}/v1`, apiKey: KEY }
export const anthropic = { baseURL: ROOT, apiKey: KEY }

export const weather = { name: 'get_weather', description: 'Gets the weather of a city.',
  schema: z.object({ city: z.string().describe('The name of the city') }) }

/** @param zod 3 or 4; not every family takes both */
export const reportOf = zod =>
  zod.object({ city: zod.string(), wind: zod.enum(['north', 'south', 'east']), gusts: zod.array(zod.number()),
    station: zod.object({ note: zod.string().nullable() }) })
export const report = reportOf(z)

/**
 * Runs each flow with each model. A flow gets `{ model, prompt, question, lookUp }`. It returns `{ text, pieces? }`
 * after a tool loop, where `pieces` counts the pieces of a stream, or `{ report }`, an answer that fits the schema.
 */
export async function perform (flows) {
  for (const [flow, run] of Object.entries(flows)) {
    for (const model of MODELS.split(',')) {
      // The emulator's log is searched for the tag; the model has the secret from the tool alone.
      const [tag, secret] = [randomUUID(), randomUUID()]
      const called = []
      const lookUp = ({ city }) => {
        called.push(city)
        return `The wind of ${city} is ${secret}.`
      }
      const task = { model, lookUp, prompt: `Use the tool ${weather.name} for "Bern". Case ${tag}.`,
        question: `Report on "Bern", where the wind is north. Case ${tag}.` }
      const result = await within(30_000, () => run(task)).catch(error => ({ error: error.stack ?? String(error) }))
      console.log(JSON.stringify({ flow, model, tag, secret, called, ...result }))
    }
  }
}

async function within (milliseconds, work) {
  let timer
  const late = new Promise((_resolve, reject) => {
    timer = globalThis.setTimeout(() => reject(new Error(`no end after ${milliseconds} ms`)), milliseconds)
  })
  return Promise.race([work(), late]).finally(() => globalThis.clearTimeout(timer))
}

/** Joins the pieces of a stream. */
export async function gather (stream) {
  const pieces = []
  for await (const piece of stream) if (piece !== '') pieces.push(piece)
  return { text: pieces.join(''), pieces: pieces.length }
}
