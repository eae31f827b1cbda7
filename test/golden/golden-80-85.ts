// Weekly events: state that only OpenAI keeps, Cursor, WebSockets, split characters, citations.
// `docs/spec/translation.md#golden-cases`.
import { request } from 'node:http'
import type { Stream } from 'openai/core/streaming'
import { ChatCompletionStream } from 'openai/lib/ChatCompletionStream'
import type { ChatCompletionChunk } from 'openai/resources/chat/completions'
import type { Json } from '../fixtures/http.ts'
import type { GoldenFrame } from './helpers/frame.ts'
import { blocksOf, choiceOf, itemsOf } from './helpers/clients.ts'
import { chatBody, chunk, done, finished, messageItem, messagesTools, responsesScript, responsesTools, romeCall,
  says } from './helpers/fixtures.ts'
import { claude, claudeOnBoth, codex, gpt } from './helpers/models.ts'
import { vercelTools } from './helpers/vercel.ts'

const url = 'https://example.com/a'
const title = 'Example'

export function golden80to85 ({ both, whole, streamed }: GoldenFrame): void {
  both(80, 'previous_response_id known ⇒ expanded; unknown ⇒ 400', async (t, g) => {
    for (const [model, path] of [[claudeOnBoth, '/v1/messages'], [codex, '/responses']] as const) {
      const id = `call_80_${path.slice(1, 4).replace('/', '')}`
      g.script({ toolCalls: [romeCall(id)] }, { text: 'sunny' })
      const first = await g.responses({ model, input: 'weather?', tools: responsesTools })
      const second = await g.responses({ model, previous_response_id: first.id, tools: responsesTools,
        input: [{ type: 'function_call_output', call_id: id, output: 'sunny' }] })
      t.same(itemsOf(second).at(-1), ['message', 'sunny'])
      t.match(JSON.stringify(g.sent(path)), /weather\?.*Rome.*sunny/)
      t.notMatch(JSON.stringify(g.sent()), /previous_response_id/)
      t.match(await g.failure(g.responses({ model, previous_response_id: 'resp_unknown', input: 'and?' })), {
        status: 400,
        param: 'previous_response_id',
        code: 'previous_response_not_found',
      })
    }
    t.equal(g.calls(), 4)
  })

  both(81, 'item_reference (Vercel) ⇒ expanded from the store', async (t, g) => {
    for (const [model, path] of [[claudeOnBoth, '/v1/messages'], [codex, '/responses']] as const) {
      const id = `call_81_${path.slice(1, 4).replace('/', '')}`
      g.script({ text: 'I look.', toolCalls: [romeCall(id)] }, { text: 'sunny' }, { text: 'noted' })
      const result = await g.vercel.responses(model, { prompt: 'weather?',
        ...vercelTools('get_weather', 'location', () => 'sunny') })
      t.equal(result.text, 'sunny')
      t.match(JSON.stringify(g.sent(path)), /weather\?.*I look\..*Rome.*sunny/)
      t.notMatch(JSON.stringify(g.sent()), /item_reference/)
      const first = await g.responses({ model, input: 'remember this' })
      const item = first.output.find(item => item.type === 'message')
      g.script({ text: 'ok' })
      await g.responses({ model,
        input: [...says('remember this'), { type: 'item_reference', id: item?.id }, ...says('and?')] })
      t.match(JSON.stringify(g.sent(path)), /remember this.*noted.*and\?/)
      t.match(
        await g.failure(
          g.responses({ model, input: [{ type: 'item_reference', id: 'msg_unknown' }, ...says('and?')] }),
        ),
        { status: 400, message: /Item with id 'msg_unknown' not found/ },
      )
    }
  })

  both(82, 'Responses-shaped body on /chat/completions (Cursor) ⇒ chat-shaped answer', async (t, g) => {
    const script = { text: 'I look.', toolCalls: [romeCall('call_82')] }
    for (const [model, path] of [[codex, '/responses'], [gpt, '/chat/completions'], [claude,
      '/v1/messages']] as const) {
      g.script(script)
      const body = { model, input: [{ role: 'system', content: 'Be brief.' }, ...says('weather?')],
        tools: responsesTools }
      // The helper for streams reads `messages`, which Cursor's body does not have.
      const streamed = async () => {
        const chunks = await g.openai.chat.completions.create({ ...body, stream: true } as Json) as unknown as Stream<
          ChatCompletionChunk
        >
        return ChatCompletionStream.fromReadableStream(chunks.toReadableStream()).finalChatCompletion()
      }
      t.match(choiceOf(g.stream ? await streamed() : await g.chat(body)), { text: 'I look.', finish: 'tool_calls',
        calls: [['get_weather', { location: 'Rome' }]] }, model)
      t.match(JSON.stringify(g.sent(path)), /Be brief\..*weather\?|weather\?.*Be brief\./)
    }
  })

  whole(83, 'WebSocket upgrade on /v1/responses ⇒ 101', async (t, g) => {
    const { base, password } = g.user
    const { hostname, port, pathname } = new URL(`${base}/responses`)
    const status = await new Promise<number | undefined>((resolve, reject) => {
      request({ hostname, port, path: pathname,
        headers: { authorization: `Bearer ${password}`, connection: 'Upgrade', upgrade: 'websocket',
          'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
          'openai-beta': 'responses_websockets=2026-02-06' } }).on('response', response => {
          response.resume()
          resolve(response.statusCode)
        }).on('upgrade', (response, socket) => {
          socket.destroy()
          resolve(response.statusCode)
        }).on('error', reject).end()
    })
    t.equal(status, 101)
  })

  streamed(84, 'non-ASCII split inside a UTF-8 sequence and inside a JSON escape across network chunks ⇒ intact',
    async (t, g) => {
      const text = 'Grüße 🌍, 日本語 \\ "q"\n\u2028end'
      const ascii = (json: string) =>
        json.replace(/[\u0080-\uffff]/g, char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)
      const city = { location: 'Zürich 🌍' }
      for (const slice of ['utf8', 'byte', 7] as const) {
        g.emulator.wire.slice = slice
        const script = { text,
          toolCalls: [{ id: `call_84_${slice}`, name: 'get_weather', arguments: JSON.stringify(city) }] }
        // Byte by byte, each byte costs a turn of the event loop, so one upstream is enough.
        for (const model of slice === 'byte' ? [gpt] : [gpt, codex, claudeOnBoth]) {
          g.script(script)
          t.same(blocksOf(await g.messages({ model, messages: says('go'), tools: messagesTools })), [['text', text], [
            'tool_use',
            'get_weather',
            city,
          ]], `${model} ${slice}`)
        }
        g.script(script)
        t.same(itemsOf(await g.responses({ model: claudeOnBoth, input: 'go', tools: responsesTools, store: false })), [[
          'message',
          text,
        ], ['function_call', 'get_weather', city]])
        g.script({
          chunks: [`data: ${ascii(JSON.stringify(chunk({ role: 'assistant', content: text })))}\n\n`, finished('stop'),
            done],
        })
        t.same(blocksOf(await g.messages({ model: gpt, messages: says('go') })), [['text', text]], 'escaped')
      }
      g.emulator.wire.slice = 'crlf-split'
      g.emulator.wire.lineEnd = '\r\n'
      g.script({ text })
      t.match(choiceOf(await g.chat({ model: claude, messages: says('go') })), { text })
    })

  both(85, 'url_citation R→M and C; web_search_result_location M→C', async (t, g) => {
    const text = 'Rome is sunny.'
    const annotation = { type: 'url_citation', url, title, start_index: 0, end_index: 4 }
    const cited = responsesScript([messageItem('msg_85', text, {
      content: [{ type: 'output_text', text, annotations: [annotation], logprobs: [] }],
    })])
    g.script(cited, cited)
    const message = await g.messages({ model: codex, messages: says('weather?') })
    t.same(blocksOf(message), [['text', text]])
    t.match(message.content, [{ citations: [{ type: 'web_search_result_location', url, title, cited_text: 'Rome' }] }])
    const completion = await g.chat({ model: codex, messages: says('weather?') })
    t.match(choiceOf(completion).message.annotations, [{ type: 'url_citation', url_citation: { url, title } }])

    const citation = { type: 'web_search_result_location', url, title, cited_text: 'Rome is sunny.',
      encrypted_index: 'x' }
    const head = { id: 'msg_85', type: 'message', role: 'assistant', model: 'claude-sonnet-4-6', stop_sequence: null }
    const usage = { input_tokens: 5, output_tokens: 5 }
    const block = { type: 'text', text, citations: [citation] }
    const events: Json[] = [{ type: 'message_start', message: { ...head, content: [], stop_reason: null, usage } }, {
      type: 'content_block_start',
      index: 0,
      content_block: { type: 'text', text: '', citations: [] },
    }, { type: 'content_block_delta', index: 0, delta: { type: 'citations_delta', citation } }, {
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text },
    }, { type: 'content_block_stop', index: 0 }, { type: 'message_delta',
      delta: { stop_reason: 'end_turn', stop_sequence: null }, usage }, { type: 'message_stop' }]
    const answer = { body: { ...head, content: [block], stop_reason: 'end_turn', usage }, chunks: events }
    g.script(answer, answer)
    t.match(choiceOf(await g.chat({ model: claude, messages: says('weather?') })).message, { content: text,
      annotations: [{ type: 'url_citation', url_citation: { url, title, start_index: 0, end_index: text.length } }] })
    t.match((await g.responses({ model: claudeOnBoth, input: 'weather?', store: false })).output, [{
      content: [{ text, annotations: [{ type: 'url_citation', url, title }] }],
    }])
    const annotated = { content: text,
      annotations: [{ type: 'url_citation', url_citation: { url, title, start_index: 0, end_index: 4 } }] }
    g.script({ body: chatBody(annotated),
      chunks: [chunk({ role: 'assistant', content: text }), chunk({ annotations: annotated.annotations }),
        finished('stop'), done] })
    t.match((await g.messages({ model: gpt, messages: says('weather?') })).content, [{ text,
      citations: [{ url, title }] }])
  })
}
