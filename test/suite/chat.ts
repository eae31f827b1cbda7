// Chat Completions through OpenAI's SDK, as for a person who changes only the base URL.
import { zodResponseFormat } from 'openai/helpers/zod'
import { z } from 'zod'
import type { Frame } from '../fixtures/cases.ts'
import { until } from '../fixtures/http.ts'
import { callsOf, models, openAi, png, says, tools, twoCalls } from './openai.ts'

const path = '/chat/completions'

export function chatSuite ({ target, test }: Frame): void {
  const { emulator } = target

  for (const model of [...models, 'gemini-2.5-pro', 'gpt-5.1', 'grok-code-fast-1']) {
    test(`create() gives the same answer whole and streamed, ${model}`, async t => {
      const user = await target.addUser()
      user.seat.policies.set(model, 'enabled')
      const client = openAi(user)
      const whole = await client.chat.completions.create({ model, messages: says('hi') })
      t.match(whole, { object: 'chat.completion', id: /./, created: Number,
        choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: /Hello from/ } }],
        usage: { total_tokens: Number } })
      t.notOk('padding' in (whole.choices[0]?.message ?? {}))
      t.match(whole._request_id, /^[0-9a-f-]{36}$/)

      const chunks = []
      for await (const chunk of await client.chat.completions.create({ model, messages: says('hi'), stream: true })) {
        chunks.push(chunk)
      }
      t.ok(chunks.every(chunk => chunk.object === 'chat.completion.chunk' && chunk.choices.length === 1),
        'no chunk is empty or lacks its object')
      t.equal(new Set(chunks.map(chunk => `${chunk.id} ${chunk.created} ${chunk.model}`)).size, 1,
        'one id, date and model')
      t.ok((chunks[0]?.created ?? 0) > 0)
      t.equal(chunks[0]?.choices[0]?.delta.role, 'assistant')
      t.equal(chunks.at(-1)?.choices[0]?.finish_reason, 'stop')
      const text = chunks.map(chunk => chunk.choices[0]?.delta.content ?? '').join('')
      t.equal(text.replace('is **streamed**', 'comes **whole**'), whole.choices[0]?.message.content)
    })
  }

  for (const model of ['gpt-5.4-mini', 'claude-sonnet-4.5', 'gemini-2.5-pro', 'grok-code-fast-1']) {
    test(`legacy functions are called and answered in their own form, ${model}`, async t => {
      const user = await target.addUser()
      user.seat.policies.set(model, 'enabled')
      const client = openAi(user)
      const functions = tools.map(({ function: each }) => each)
      const messages = says('call get_weather for "Rome"')
      const asked = { model, messages, functions, function_call: { name: 'get_weather' } }
      const whole = await client.chat.completions.create(asked)
      const [choice] = whole.choices
      t.match(choice?.message.function_call, { name: 'get_weather', arguments: '{"location":"Rome"}' })
      t.notOk(choice?.message.tool_calls, 'and not as a tool call too')
      let streamed = ''
      for await (const { choices } of await client.chat.completions.create({ ...asked, stream: true })) {
        streamed += choices[0]?.delta.function_call?.arguments ?? ''
      }
      t.equal(streamed, '{"location":"Rome"}')
      const { choices } = await client.chat.completions.create({ model, functions, messages: [...messages, {
        role: 'assistant',
        content: null,
        function_call: { name: 'get_weather', arguments: streamed },
      }, { role: 'function', name: 'get_weather', content: 'sunny' }] })
      t.match(choices[0]?.message.content, /sunny/)
      t.notOk(target.seen().some(({ body }) => body.includes('"functions"')), 'upstream gets tools')
    })
  }

  for (const model of models) {
    test(`stream() collects one tool call, and two at once, ${model}`, async t => {
      const client = openAi(await target.addUser())
      const gather = (text: string) =>
        client.chat.completions.stream({ model, messages: says(text), tools }).finalChatCompletion()
      const one = await gather('call get_weather for "Rome"')
      t.match(one.choices, [{ finish_reason: 'tool_calls',
        message: { role: 'assistant', tool_calls: [{ type: 'function', function: { name: 'get_weather' } }] } }])
      t.same(callsOf(one), [['get_weather', { location: 'Rome' }]])
      const two = await gather(twoCalls)
      t.same(callsOf(two), [['get_weather', { location: 'Rome' }], ['read_file', { path: 'a/b.txt' }]])
      t.equal(new Set(two.choices[0]?.message.tool_calls?.map(call => call.id)).size, 2, 'an id each')
    })

    test(`create() gives the same calls whole, in the first choice, ${model}`, async t => {
      const client = openAi(await target.addUser())
      const { choices } = await client.chat.completions.create({ model, messages: says(twoCalls), tools })
      t.equal(choices.length, 1)
      t.match(choices[0], { index: 0, finish_reason: 'tool_calls',
        message: { role: 'assistant',
          tool_calls: [{ function: { name: 'get_weather' } }, { function: { name: 'read_file' } }] } })
      t.ok('content' in (choices[0]?.message ?? {}), 'content is present, even if null')
    })

    test(`runTools() completes a tool round, and only its first step has the initiator user, ${model}`, async t => {
      const client = openAi(await target.addUser())
      const asked: unknown[] = []
      const get_weather = (args: { location: string }) => {
        asked.push(args)
        return 'sunny, 21 degrees'
      }
      const runner = client.chat.completions.runTools({
        model,
        messages: says('call get_weather for "Rome"'),
        tools: [{ type: 'function',
          function: { name: 'get_weather', description: '', parse: JSON.parse, function: get_weather,
            parameters: { type: 'object', properties: { location: { type: 'string' } }, required: ['location'] } } }],
      })
      t.match(await runner.finalContent(), /sunny, 21 degrees/)
      t.same(asked, [{ location: 'Rome' }])
      t.same(target.seen(path).map(({ headers }) => headers['x-initiator']), ['user', 'agent'])
      t.same(target.seen(path).map(({ headers }) => headers['openai-intent']), ['conversation-agent',
        'conversation-agent'])
    })

    test(`aborting a stream closes the upstream call within a second, ${model}`, async t => {
      const client = openAi(await target.addUser())
      emulator.chunkDelayMs = 100
      const stream = await client.chat.completions.create({ model, messages: says('a long one'), stream: true })
      for await (const _chunk of stream) break
      stream.controller.abort()
      await until(() => target.seen(path)[0]?.aborted === true, 'upstream sees the client leave', 1_000)
      t.pass()
    })
  }

  test('a client that leaves before the status, streaming or not, closes the upstream call too', async t => {
    const client = openAi(await target.addUser())
    for (const stream of [false, true]) {
      target.begin()
      emulator.fault({ path }, { kind: 'hang' })
      const controller = new AbortController()
      const asked = client.chat.completions.create({ model: 'gpt-4o', messages: says('hi'), stream }, {
        signal: controller.signal,
      }).then(() => 'answered', () => 'aborted')
      await until(() => target.seen(path).length === 1, 'the call has reached upstream')
      controller.abort()
      t.equal(await asked, 'aborted')
      await until(() => target.seen(path)[0]?.aborted === true, 'upstream sees the client leave', 1_000)
    }
  })

  test('parse() reads an answer that fits a schema, whole and streamed', async t => {
    const client = openAi(await target.addUser())
    const City = z.object({ name: z.string(), population: z.number(), coastal: z.boolean() })
    const request = { model: 'gpt-4.1', messages: says('the city "Rome"'),
      response_format: zodResponseFormat(City, 'city') }
    const whole = await client.chat.completions.parse(request)
    t.match(whole.choices[0]?.message.parsed, { name: 'Rome', population: Number, coastal: Boolean })
    const streamed = await client.chat.completions.stream(request).finalChatCompletion()
    t.same(streamed.choices[0]?.message.parsed, whole.choices[0]?.message.parsed)
  })

  for (const model of ['o3-mini', 'o1']) {
    test(`${model}, which does not stream, answers both ways, with tool calls and usage`, async t => {
      const client = openAi(await target.addUser())
      const whole = await client.chat.completions.create({ model, messages: says('hi'), max_tokens: 500 })
      const streamed = await client.chat.completions.stream({ model, messages: says('hi'),
        stream_options: { include_usage: true } }).finalChatCompletion()
      t.equal(streamed.choices[0]?.message.content, whole.choices[0]?.message.content)
      t.match(streamed, { choices: [{ finish_reason: 'stop' }], usage: { total_tokens: Number } })
      const called = await client.chat.completions.stream({ model, messages: says(twoCalls), tools })
        .finalChatCompletion()
      t.match(called.choices, [{ finish_reason: 'tool_calls',
        message: { tool_calls: [{ function: { name: 'get_weather' } }, { function: { name: 'read_file' } }] } }])
      t.ok(target.seen(path).every(({ json }) => (json as { stream?: unknown }).stream !== true),
        'no upstream call asked for a stream')
      t.same(target.seen(path).map(({ status }) => status), [200, 200, 200])
    })
  }

  test("o1 gets a system message as the user's", async t => {
    await openAi(await target.addUser()).chat.completions.create({ model: 'o1',
      messages: [{ role: 'system', content: 'be kind' }, ...says('hi')] })
    t.same((target.seen(path)[0]?.json as { messages: Array<{ role: string }> }).messages.map(({ role }) => role), [
      'user',
      'user',
    ])
  })

  test('the model sees an image, and the vision header is sent only then', async t => {
    const client = openAi(await target.addUser())
    const content = [{ type: 'text' as const, text: 'what is this?' }, { type: 'image_url' as const,
      image_url: { url: png } }]
    for (const model of models) {
      const answer = await client.chat.completions.create({ model, messages: [{ role: 'user', content }] })
      t.match(answer.choices[0]?.message.content, /I see 1 image:\n\n- image\/png, 20 bytes/)
      await client.chat.completions.create({ model, messages: [{ role: 'user', content: content.slice(0, 1) }] })
    }
    t.same(target.seen(path).map(({ headers }) => headers['copilot-vision-request']), ['true', undefined, 'true',
      undefined])
  })

  test('with include_usage one last chunk has the usage and no choice; otherwise there is none', async t => {
    const client = openAi(await target.addUser())
    for (const model of [...models, 'o3-mini']) {
      const chunks = []
      for await (const chunk of await client.chat.completions.create({ model, messages: says('hi'), stream: true,
        stream_options: { include_usage: true } })) chunks.push(chunk)
      t.match(chunks.at(-1), { object: 'chat.completion.chunk', choices: [],
        usage: { prompt_tokens: Number, completion_tokens: Number } })
      t.ok(chunks.slice(0, -1).every(chunk => chunk.choices.length === 1 && (chunk.usage ?? null) === null), model)
    }
  })
}
