// Daily events: answers that break off, silence, clients that leave, damaged histories.
// `docs/spec/translation.md#golden-cases`.
import type { Json } from '../fixtures/http.ts'
import { until } from '../fixtures/http.ts'
import type { GoldenFrame, Golden } from './helpers/frame.ts'
import { blocksOf, choiceOf, itemsOf } from './helpers/clients.ts'
import { chatTools, messagesTools, responsesTools, rome, romeCall, says } from './helpers/fixtures.ts'
import { claude, claudeOnBoth, codex, gpt, withoutStreams } from './helpers/models.ts'

/** Every pair of dialects that is translated, with the model and path that lead to it. */
const pairs = [['M→C', gpt, '/chat/completions'], ['M→R', codex, '/responses'], ['R→C', gpt, '/chat/completions'], [
  'R→M',
  claudeOnBoth,
  '/v1/messages',
], ['C→R', codex, '/responses'], ['C→M', claude, '/v1/messages']] as const
/** The number of events after which text has begun. */
const midText = { '/chat/completions': 4, '/responses': 7, '/v1/messages': 4 }
const long = Array.from({ length: 20 }, (_, at) => `word${at} `)

function ask (g: Golden, pair: string, model: string): Promise<Json> {
  switch (pair[0]) {
    case 'C':
      return g.chat({ model, messages: says('hi') })
    case 'R':
      return g.responses({ model, input: 'hi', store: false })
    default:
      return g.messages({ model, messages: says('hi') })
  }
}

export function golden51to59 ({ both, whole, streamed }: GoldenFrame): void {
  both(51, 'upstream ends without a finish ⇒ the error form of each dialect, no clean end', async (t, g) => {
    for (const [pair, model, path] of pairs) {
      g.script({ text: long })
      g.emulator.fault({ path }, { kind: 'eof-after', events: midText[path] })
      if (!g.stream) {
        t.match(await g.failure(ask(g, pair, model)), { status: 502 }, pair)
        continue
      }
      if (pair[0] === 'R') {
        t.match(await ask(g, pair, model), { status: 'failed',
          error: { code: 'server_error', message: 'upstream stream ended before completion' } }, pair)
        t.equal((await g.events()).at(-1).type, 'response.failed')
        continue
      }
      const error = await g.failure(ask(g, pair, model))
      t.match(error.message, /upstream stream ended before completion/, pair)
      t.notMatch(await g.last.text, /\[DONE\]|message_stop|"finish_reason":"stop"/, pair)
    }
  })

  streamed(52, 'error event in mid-stream of M upstream ⇒ C error chunk, R response.failed', async (t, g) => {
    const broken = () => {
      g.script({ text: long })
      g.emulator.fault({ path: '/v1/messages' }, { kind: 'error-after', events: 4,
        error: { type: 'overloaded_error', message: 'Overloaded' } })
    }
    broken()
    t.match(await g.failure(g.chat({ model: claude, messages: says('hi') })), { message: /Overloaded/ })
    t.match((await g.events()).at(-1), { error: { message: /Overloaded/ } })
    broken()
    t.match(await g.responses({ model: claudeOnBoth, input: 'hi', store: false }), { status: 'failed',
      error: { code: 'server_is_overloaded', message: /Overloaded/ } })
    t.equal((await g.events()).at(-1).type, 'response.failed')
  })

  both(53, 'the client closes the connection ⇒ upstream is aborted within a second', async (t, g) => {
    for (const [pair, model, path] of pairs) {
      const leaving = new AbortController()
      g.script({ text: long })
      if (!g.stream) g.emulator.fault({ path }, { kind: 'delay', ms: 5_000 })
      else g.emulator.chunkDelayMs = 200
      const body = pair[0] === 'R' ? { input: 'hi', store: false } : { messages: says('hi'), max_tokens: 100 }
      const before = g.calls()
      const asked = fetch(
        `${g.user.base}/${pair.startsWith('C') ? 'chat/completions' : pair.startsWith('R') ? 'responses' : 'messages'}`,
        {
          method: 'POST',
          headers: { authorization: `Bearer ${g.user.password}`, 'content-type': 'application/json' },
          signal: leaving.signal,
          body: JSON.stringify({ model, stream: g.stream, ...body }),
        },
      )
      if (g.stream) await (await asked).body?.getReader().read()
      else await until(() => g.calls() > before, `${pair} reaches upstream`)
      const latest = g.target.seen(path).at(-1)
      leaving.abort()
      await asked.catch(() => {})
      await until(() => latest?.aborted === true, `${pair} is aborted`, 1_000)
      t.pass(pair)
    }
  })

  streamed(54, '30 s of upstream silence (here: a few heartbeats) ⇒ comment for C and R, ping for M',
    async (t, given) => {
      const g = await given.another(t, { HEARTBEAT_SECONDS: '0.1' })
      for (const [pair, model, path] of pairs) {
        g.script({ text: ['Hel', 'lo'] })
        g.emulator.fault({ path }, { kind: 'stall-after', events: midText[path], ms: 380 })
        const answer = await ask(g, pair, model)
        t.match(JSON.stringify(answer), /Hello/, pair)
        const text = await g.last.text
        if (pair[0] === 'M') t.ok(text.match(/event: ping\ndata: \{"type": ?"ping"\}\n\n/g)!.length >= 2, pair)
        else t.ok(text.match(/^: .*\n\n/gm)!.length >= 1 && !text.includes('event: ping'), pair)
      }
    })

  both(55, 'interrupted call without a result in the history ⇒ a synthesised error result; every upstream accepts',
    async (t, g) => {
      const interrupted = /interrupted/
      const use = { type: 'tool_use', id: 'call_55', name: 'get_weather', input: {} }
      for (const [model, path] of [[gpt, '/chat/completions'], [codex, '/responses']] as const) {
        g.script({ text: 'ok' })
        t.match(
          blocksOf(
            await g.messages({ model, tools: messagesTools,
              messages: [...says('go'), { role: 'assistant', content: [use] }, ...says('stop that')] }),
          ).at(-1),
          ['text', 'ok'],
        )
        t.match(JSON.stringify(g.sent(path)), interrupted)
      }
      g.script({ text: 'ok' }, { text: 'ok' }, { text: 'ok' })
      const call = { id: 'call_55', type: 'function', function: { name: 'get_weather', arguments: '{}' } }
      await g.chat({ model: claude, tools: chatTools,
        messages: [...says('go'), { role: 'assistant', content: null, tool_calls: [call] }, ...says('stop that')] })
      t.match(g.sent('/v1/messages').messages.at(-1).content, [{ type: 'tool_result', tool_use_id: 'call_55',
        is_error: true }, { type: 'text', text: 'stop that' }])
      const input = [...says('go'), { type: 'function_call', call_id: 'call_55', name: 'get_weather', arguments: '{}' },
        ...says('stop that')]
      for (const model of [claudeOnBoth, gpt]) await g.responses({ model, tools: responsesTools, input, store: false })
      t.match(g.sent('/chat/completions').messages.slice(2), [{ role: 'tool', tool_call_id: 'call_55',
        content: interrupted }, { role: 'user', content: 'stop that' }])
    })

  both(56, 'developer message between call and output (Codex) ⇒ the result is moved next to the call for M and C',
    async (t, g) => {
      g.script({ text: 'ok' }, { text: 'ok' })
      const input = [...says('go'), { type: 'function_call', call_id: 'call_56', name: 'get_weather', arguments: rome },
        { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'Mode changed.' }] }, {
        type: 'function_call_output',
        call_id: 'call_56',
        output: 'sunny',
      }]
      await g.responses({ model: claudeOnBoth, tools: responsesTools, input, store: false })
      const { messages } = g.sent('/v1/messages')
      t.match(messages.map((message: Json) => message.role), ['user', 'assistant', 'user'])
      t.match(messages[2].content, [{ type: 'tool_result', tool_use_id: 'call_56', content: 'sunny' }, { type: 'text',
        text: '<system-reminder>\nMode changed.\n</system-reminder>' }])
      await g.responses({ model: gpt, tools: responsesTools, input, store: false })
      t.match(g.sent('/chat/completions').messages.slice(1), [{ role: 'assistant', tool_calls: [{ id: 'call_56' }] }, {
        role: 'tool',
        tool_call_id: 'call_56',
        content: 'sunny',
      }, { role: 'system', content: 'Mode changed.' }])
    })

  both(57, 'R upstream whose ids change on every event ⇒ M and C clients unaffected; an R client gets constant ids',
    async (t, g) => {
      const script = { text: ['I ', 'look.'], toolCalls: [romeCall('call_57')] }
      g.script(script, script, script)
      const call = ['get_weather', { location: 'Rome' }]
      t.same(blocksOf(await g.messages({ model: codex, messages: says('go'), tools: messagesTools })), [['text',
        'I look.'], ['tool_use', ...call]])
      t.match(choiceOf(await g.chat({ model: codex, messages: says('go'), tools: chatTools })), { text: 'I look.',
        calls: [call] })
      const response = await g.responses({ model: codex, input: 'go', tools: responsesTools, store: false })
      t.same(itemsOf(response).slice(1), [['message', 'I look.'], ['function_call', ...call]])
      if (!g.stream) return
      const events = await g.events()
      t.equal(new Set(events.filter(event => event.response !== undefined).map(event => event.response.id)).size, 1)
      for (const [at, item] of response.output.entries()) {
        t.same([
          ...new Set(events.filter(event => event.output_index === at).map(event => event.item_id ?? event.item.id)),
        ], [item.id])
      }
    })

  streamed(58, "model without streaming, stream:true ⇒ correct SSE in the client's dialect", async (t, g) => {
    const script = { text: 'I look.', toolCalls: [romeCall('call_58')] }
    const call = ['get_weather', { location: 'Rome' }]
    g.script(script, script, script, script)
    t.same(blocksOf(await g.messages({ model: withoutStreams, messages: says('go'), tools: messagesTools })), [['text',
      'I look.'], ['tool_use', ...call]])
    t.not(g.sent('/chat/completions').stream, true)
    t.same(itemsOf(await g.responses({ model: withoutStreams, input: 'go', tools: responsesTools, store: false })), [[
      'message',
      'I look.',
    ], ['function_call', ...call]])
    t.match(choiceOf(await g.chat({ model: withoutStreams, messages: says('go'), tools: chatTools })), {
      text: 'I look.',
      finish: 'tool_calls',
      calls: [call],
    })
    t.match(await g.vercel.messages(withoutStreams, { prompt: 'hi' }), { text: 'I look.' })
  })

  whole(59, 'count_tokens ⇒ 200 {input_tokens:N}, monotone in the input', async (t, g) => {
    for (const model of [gpt, codex, claudeOnBoth]) {
      const counts: number[] = []
      for (const words of [1, 50, 5_000]) {
        const counted = await g.anthropic.messages.countTokens({ model, messages: says('hello '.repeat(words)) })
        t.same(Object.keys(counted).filter(key => !key.startsWith('_')), ['input_tokens'])
        counts.push(counted.input_tokens)
      }
      t.ok(counts[0]! > 0 && counts[1]! > counts[0]! && counts[2]! > counts[1]!, counts.join(' < '))
      const withTools = await g.anthropic.messages.countTokens({ model, messages: says('hello '),
        tools: messagesTools })
      t.ok(withTools.input_tokens > counts[0]!)
    }
  })
}
