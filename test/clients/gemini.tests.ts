// Gemini CLI against the gateway, with a model of each vendor: tool loops, images, compression, a resumed session.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { connectGemini, geminiCli } from './gemini-cli.ts'
import { inFreshHome, shellTask, startHouse } from './harness.ts'

const house = await startHouse()
t.teardown(() => house.close())
const models = [{ model: 'gpt-4.1', path: '/chat/completions' }, { model: 'gpt-5.4-mini', path: '/responses' }, {
  model: 'claude-sonnet-4.6',
  path: '/v1/messages',
}, { model: 'gemini-3.1-pro-preview', path: '/chat/completions' }]

/** Without repetitions: the CLI takes those for a loop. */
const story = Array.from({ length: 3_000 }, (_, at) => `Day ${at}: it rained ${(at * 7_919) % 1_009} drops.`).join('\n')

/** The CLI asks one of Google's models to compress; the seat's model of the same class answers. */
const summary = { model: 'gemini-3.1-pro-preview', text: '<state_snapshot>The story was long.</state_snapshot>' }

/** A red square of eight pixels. */
const png = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEklEQVR4nGP4z8CAFWEXHbQSACj/P8Fu7N9hAAAAAElFTkSuQmCC'

async function inProject (model: string, work: (home: string, cwd: string) => Promise<void>): Promise<void> {
  house.emulator.answers.clear()
  await inFreshHome(async home => {
    await connectGemini(house, home, model)
    const cwd = join(home, 'project')
    mkdirSync(cwd)
    house.emulator.requests.length = 0
    await work(home, cwd)
  })
}

function endsWell (t: Test, { code, stdout, stderr }: { code: number | null, stdout: string, stderr: string }): void {
  t.equal(code, 0, 'it ends well', { output: `${stdout}\n${stderr}`.slice(-3_000) })
  t.ok(house.calls().every(({ status }) => status === 200), 'every call reached a model', {
    calls: house.calls().map(({ path, status }) => [path, status]),
  })
  t.strictSame(house.emulator.problems, [])
  t.equal(house.emulator.answers.pending, 0, 'every scripted answer was used')
}

for (const { model, path } of models) {
  t.test(`${model}: a tool loop, and the rounds are the agent's`, async t => {
    await inProject(model, async (home, cwd) => {
      const task = shellTask('run_shell_command')
      const result = await geminiCli({ home, cwd, prompt: task.prompt })
      endsWell(t, result)
      t.equal(await task.written(cwd), task.secret)
      t.ok(result.stdout.includes(task.secret))
      const main = house.calls().filter(({ body }) => body.includes(task.secret))
      t.ok(main.every(call => call.path === path), path)
      t.strictSame(main.map(({ headers }) => headers['x-initiator']), ['user', ...main.slice(1).map(() => 'agent')])
    })
  })

  t.test(`${model}: a search of the web, with its sources`, async t => {
    await inProject(model, async (home, cwd) => {
      const result = await geminiCli({ home, cwd, prompt: 'Use google_web_search for "tides in Bergen".' })
      endsWell(t, result)
      t.match(result.stdout, /04:10\.\[1\][^]*\[1\] Tides in Bergen \(https:\/\/tides\.example\/bergen\)/)
      const search = house.calls().filter(({ body }) => body.includes('"type":"web_search"'))
      t.strictSame(search.map(({ headers }) => headers['x-initiator']), ['agent'], 'one search, and no person asked')
    })
  })

  t.test(`${model}: two calls in one turn`, async t => {
    await inProject(model, async (home, cwd) => {
      writeFileSync(join(cwd, 'plum.txt'), '')
      mkdirSync(join(cwd, 'inner'))
      writeFileSync(join(cwd, 'inner/pear.txt'), '')
      const list = (dir: string) => ({ name: 'list_directory', arguments: JSON.stringify({ dir_path: dir }) })
      house.emulator.answers.push({ model, toolCalls: [list('.'), list('inner')] }, { model, text: 'Both listed.' })
      const result = await geminiCli({ home, cwd, prompt: 'List both.' })
      endsWell(t, result)
      t.match(result.stdout, /Both listed\./)
      const last = house.calls().at(-1)?.body ?? ''
      t.ok(last.includes('plum.txt') && last.includes('pear.txt'), 'both results reached the model')
    })
  })

  t.test(`${model}: an image of the prompt, and one that a tool reads`, async t => {
    await inProject(model, async (home, cwd) => {
      writeFileSync(join(cwd, 'red.png'), Buffer.from(png, 'base64'))
      house.emulator.answers.push({ model, text: 'It is red.' })
      endsWell(t, await geminiCli({ home, cwd, prompt: 'What is in @red.png?' }))
      t.ok(house.calls().some(({ body }) => body.includes(png)), 'the image of the prompt reached upstream')
      house.emulator.requests.length = 0
      house.emulator.answers.push({ model,
        toolCalls: [{ name: 'read_file', arguments: JSON.stringify({ file_path: 'red.png' }) }] }, { model,
        text: 'Red.' })
      endsWell(t, await geminiCli({ home, cwd, prompt: 'Read the image.' }))
      t.ok(house.calls().at(-1)?.body.includes(png), 'the image that the tool read reached upstream')
    })
  })

  t.test(`${model}: compresses a long conversation, and goes on with the summary`, async t => {
    await inProject(model, async (home, cwd) => {
      house.emulator.answers.push({ model, text: story })
      endsWell(t, await geminiCli({ home, cwd, prompt: 'Tell a long story.' }))
      house.emulator.requests.length = 0
      const { model: { compressionThreshold } } = JSON.parse(readFileSync(join(home, '.gemini/settings.json'), 'utf8'))
      house.emulator.answers.push({ model, usage: { inputTokens: Math.ceil(compressionThreshold * 1_048_576) + 1_000 },
        toolCalls: [{ name: 'run_shell_command', arguments: '{"command":"echo one","description":"Prints a word"}' }] },
        summary, summary, { model, text: 'It printed one.' })
      const result = await geminiCli({ home, cwd, prompt: 'Print one.', args: ['--resume', 'latest'] })
      endsWell(t, result)
      t.match(result.stdout, /It printed one\./)
      const bodies = house.calls().map(({ body }) => body)
      t.equal(bodies.length, 4)
      t.match(bodies[1], 'Generate a new <state_snapshot>', 'the CLI asks for a summary, and once more for a check')
      t.match(bodies.at(-1), 'The story was long.', 'the conversation goes on with the summary')
    })
  })

  t.test(`${model}: a session that is resumed has its history`, async t => {
    await inProject(model, async (home, cwd) => {
      const task = shellTask('run_shell_command')
      endsWell(t, await geminiCli({ home, cwd, prompt: task.prompt }))
      house.emulator.requests.length = 0
      endsWell(t, await geminiCli({ home, cwd, prompt: 'And now?', args: ['--resume', 'latest'] }))
      t.ok(house.calls().some(({ body }) => body.includes(task.secret) && body.includes('And now?')))
    })
  })
}

t.test('`-m auto`: the classifier and the model that it chooses are those of the seat', async t => {
  await inProject('gpt-4.1', async (home, cwd) => {
    const result = await geminiCli({ home, cwd, prompt: 'Say hello.', args: ['--model', 'auto'] })
    t.equal(result.code, 0)
    t.ok(house.calls().length >= 2, 'a classifier, then the answer')
    t.ok(house.calls().every(({ json }) => /^gemini-/.test((json as { model: string }).model)))
    t.ok(house.calls().every(({ status }) => status === 200))
  })
})

t.test('an overloaded model is asked again, and a wrong key ends at once', async t => {
  await inProject('gpt-4.1', async (home, cwd) => {
    house.emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 503, body: '' })
    house.emulator.answers.push({ model: 'gpt-4.1', text: 'Hello after all.' })
    const { code, stdout } = await geminiCli({ home, cwd, prompt: 'Say hello.' })
    t.equal(code, 0)
    t.match(stdout, /Hello after all\./)
    const file = join(home, '.gemini/.env')
    writeFileSync(file, readFileSync(file, 'utf8').replace(/^GEMINI_API_KEY=.*$/m, 'GEMINI_API_KEY=acpc-0000000000'))
    house.emulator.requests.length = 0
    const refused = await geminiCli({ home, cwd, prompt: 'Say hello.' })
    t.not(refused.code, 0)
    t.match(refused.stdout + refused.stderr, /Token is invalid/)
    t.equal(house.calls().length, 0)
  })
})
