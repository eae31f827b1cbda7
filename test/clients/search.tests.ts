// Web search in the real clients: Claude Code's WebSearch and Codex's web_search, with a GPT, a Claude and a Gemini
// model. Run by `npm run test:clients`.
import t from 'tap'
import { claudeCode } from './claude-code.ts'
import { codex } from './codex.ts'
import { inFreshHome, startHouse } from './harness.ts'

const query = 'tides in Bergen'
const page = 'https://tides.example/bergen'
const house = await startHouse()
t.teardown(() => house.close())

const asked = () =>
  house.calls().map(({ path, status, json }) => ({ path, status, model: (json as { model: string }).model }))

for (const model of ['claude-sonnet-4.6', 'gpt-5.3-codex', 'gpt-4.1', 'gemini-2.5-pro']) {
  t.test(`Claude Code's WebSearch shows its sources to ${model}`, async t => {
    await inFreshHome(async cwd => {
      house.emulator.requests.length = 0
      const { code, stdout, stderr } = await claudeCode(house, { cwd, model, prompt: `Use WebSearch for "${query}".`,
        args: ['--allowedTools', 'WebSearch'], env: { ENABLE_TOOL_SEARCH: 'false' } })
      const output = `${stdout}\n${stderr}`.slice(-4_000)
      t.equal(code, 0, 'it ends well', { output })
      const found = house.calls().find(({ body }) => body.includes('Links: [') && body.includes(page))
      t.ok(found, 'the titles and addresses reach the main model', { output, calls: asked() })
      t.match(found?.body, /High water in Bergen is at 04:10/, 'and so does the report')
      t.ok(stdout.includes(page), 'the answer has the source', { output })
      t.ok(house.calls().every(({ status }) => status === 200), 'nothing was refused', { calls: asked() })
      const [search] = house.calls().filter(({ body }) => body.includes('"type":"web_search"'))
      t.equal(search?.headers['x-initiator'], 'agent', 'no person asked for the search itself')
    })
    t.strictSame(house.emulator.problems, [])
  })
}

for (const model of ['gpt-5.3-codex', 'claude-sonnet-4.6', 'gemini-2.5-pro']) {
  for (const webSockets of [false, true]) {
    t.test(`Codex searches with ${model}, and answers with citations, over ${webSockets ? 'WebSocket' : 'HTTP'}`,
      async t => {
        await inFreshHome(async cwd => {
          house.emulator.requests.length = 0
          const { code, stdout, stderr } = await codex(house, { cwd, model, access: 'file', webSockets,
            prompt: `Use web_search: search the web for "${query}".` })
          const output = `${stdout}\n${stderr}`.slice(-4_000)
          t.equal(code, 0, 'it ends well', { output })
          t.match(stdout, /"type":"web_search"/, 'Codex shows the search', { output })
          t.ok(stdout.includes(page), 'the answer has the source', { output })
          t.ok(house.calls().every(({ status }) => status === 200), 'nothing was refused', { calls: asked() })
        })
        t.strictSame(house.emulator.problems, [])
      })
  }
}
