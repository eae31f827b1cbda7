// The families of libraries that agents are written with: tool loops and structured answers, whole and streamed, with a
// model of each vendor. Each family is a program in families/, with the environment of a user's own. Run by
// `npm run test:clients`.
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { inFreshHome, password, run, startHouse, username, type House } from './harness.ts'

/** How many flows each family prints with each model; fewer means that its program ended early. */
const families = [{ name: "OpenAI's library", file: 'openai', flows: 7 }, { name: "Anthropic's library",
  file: 'anthropic', flows: 5 }, { name: 'OpenAI Agents', file: 'agents', flows: 6 }, { name: 'LangChain',
  file: 'langchain', flows: 12 }, { name: 'AI SDK 5', file: 'ai-sdk', flows: 16, args: ['5'] }, { name: 'AI SDK 6',
  file: 'ai-sdk', flows: 16, args: ['6'] }, { name: 'AI SDK 7', file: 'ai-sdk', flows: 16, args: ['7'] }, {
  name: 'Mastra',
  file: 'mastra',
  flows: 9,
}, { name: 'Instructor', file: 'instructor', flows: 6 }]

const models = ['gpt-5.4-mini', 'claude-sonnet-4.6', 'gemini-3.1-pro-preview']

/** A line of families/flows.mjs. */
interface Line {
  readonly flow: string
  readonly model: string
  readonly tag: string
  readonly secret: string
  readonly called: readonly string[]
  readonly text?: string
  readonly pieces?: number
  readonly report?: unknown
  readonly error?: string
}

for (const { name, file, flows, args = [] } of families) {
  t.test(`${name}: every flow ends well with a GPT, a Claude and a Gemini model`, async t => {
    // A seat of its own: the quota of one does not last for all.
    const house = await startHouse()
    t.teardown(() => house.close())
    await inFreshHome(async cwd => {
      const program = join(import.meta.dirname, 'families', `${file}.mjs`)
      const { code, stdout, stderr } = await run(process.execPath, [program, ...args], { cwd, timeoutMs: 240_000,
        env: { ROOT: `${house.origin}/${username}`, KEY: password, MODELS: models.join(',') } })
      t.equal(code, 0, 'the program ends well', { stderr: stderr.slice(-4_000) })
      const lines = stdout.split('\n').filter(line => line.startsWith('{"flow":')).map(line => JSON.parse(line) as Line)
      t.equal(lines.length, flows * models.length, 'every flow ran with every model')
      for (const line of lines) t.test(`${line.flow}, ${line.model}`, async t => check(t, house, line))
    })
    t.strictSame(house.emulator.problems, [], 'no credential or header of the client reached upstream')
  })
}

function check (t: Test, house: House, { flow, tag, secret, called, text, pieces, report, error }: Line): void {
  if (error !== undefined) return void t.fail('it ends with an error', { error })
  const calls = house.calls().filter(({ body }) => body.includes(tag))
  t.ok(calls.length > 0 && calls.every(({ status }) => status === 200), 'every call reached the model', {
    calls: calls.map(({ path, status }) => [path, status]),
  })
  if (report !== undefined) {
    t.match(report, { city: 'Bern', wind: 'north', gusts: [Number] }, 'the answer fits the schema')
    return
  }
  t.strictSame(called, ['Bern'], 'the tool ran once')
  t.ok(text?.includes(secret), 'the answer quotes the tool', { text })
  t.strictSame(calls.map(({ headers }) => headers['x-initiator']), ['user', 'agent'], "the round is the agent's")
  if (flow.endsWith('streamed')) t.ok((pieces ?? 0) > 1, 'the text came in pieces', { pieces })
}
