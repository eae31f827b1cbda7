// Settings and answers of Google's clients: thinking, search, signatures, ends, errors, counts.
// `docs/spec/translation.md#golden-cases-of-gemini`.
import { ThinkingLevel, type Part } from '@google/genai'
import { knownErrors } from '../../src/emulator/emulator.ts'
import { call as request } from '../fixtures/http.ts'
import type { Golden, GoldenFrame } from './helpers/frame.ts'
import { chunk, done, finished, romeCall } from './helpers/fixtures.ts'
import { call, each, model, result, resultsOf, signed, textOf, tools, user } from './helpers/gemini.ts'
import { claude, claudeOnBudget, codex, gemini, gpt, gpt5 } from './helpers/models.ts'

const thinking = { tools, thinkingConfig: { includeThoughts: true, thinkingBudget: 2_048 } }
const callsIn = ({ parts = [] }: { readonly parts?: Part[] }) =>
  parts.flatMap(({ functionCall }) => functionCall === undefined ? [] : [[functionCall.name, functionCall.args]])

/** A step with a call, and the next one with its result, as a client keeps them. */
async function round (g: Golden, id: string): Promise<Part[]> {
  const first = await g.gemini({ model: id, contents: 'weather?', config: thinking })
  const asked = first.parts?.find(part => part.functionCall !== undefined)?.functionCall
  g.script({ text: 'sunny' })
  await g.gemini({ model: id, config: thinking,
    contents: [user({ text: 'weather?' }), model(...first.parts ?? []),
      user(result('get_weather', { output: 'sun' }, asked?.id))] })
  return first.parts ?? []
}

export function gemini16to30 ({ both, whole, streamed }: GoldenFrame): void {
  both(16, 'thinkingBudget 0, -1 and 8192; thinkingLevel LOW', async (t, g) => {
    const ask = async (id: string, thinkingConfig: object) => {
      g.script({ text: 'ok' })
      await g.gemini({ model: id, contents: 'hi', config: { thinkingConfig, maxOutputTokens: 16_000 } })
      return g.sent()
    }
    t.notMatch(await ask(claudeOnBudget, { thinkingBudget: 0 }), { thinking: { type: 'enabled' } })
    t.match(await ask(claudeOnBudget, { thinkingBudget: 8_192 }), {
      thinking: { type: 'enabled', budget_tokens: 8_192 },
    })
    for (const id of each) t.ok(await ask(id, { thinkingBudget: -1 }))
    t.match(await ask(codex, { thinkingLevel: ThinkingLevel.LOW }), { reasoning: { effort: 'low' } })
  })

  both(17, "Google's search alone is answered with groundingMetadata: the suite's topic search has the rest",
    async (t, g) => {
      const made = await g.post(`/models/${gpt}:generateContent`, {
        contents: [{ parts: [{ text: 'search the web for "tides in Bergen"' }] }],
        tools: [{ googleSearch: {} }],
      })
      t.equal(made.status, 200)
      t.match(made.json.candidates[0], { content: { role: 'model' },
        groundingMetadata: { webSearchQueries: ['tides in Bergen'] } })
      const off = await g.another(t, { WEB_SEARCH: 'off' })
      off.script({ text: 'I cannot search.' })
      t.match(
        await off.post(`/models/${gpt}:generateContent`, { contents: [{ parts: [{ text: 'news?' }] }],
          tools: [{ googleSearch: {} }] }),
        { status: 200 },
      )
      off.emulator.answers.clear()
    })

  both(18, 'two candidates, and cached content, are refused', async (t, g) => {
    for (const id of each) {
      for (const config of [{ candidateCount: 2 }, { cachedContent: 'cachedContents/x' }]) {
        t.match(await g.failure(g.gemini({ model: id, contents: 'hi', config })), { status: 400 })
      }
    }
    t.equal(g.calls(), 0)
  })

  both(19, "Claude's signature goes with its first text, and comes back as a thinking block", async (t, g) => {
    g.script({ reasoning: 'Greet.', opaque: 'c2lnbmF0dXJl', text: ['Hel', 'lo'] })
    const first = await g.gemini({ model: claude, contents: 'hi', config: thinking })
    t.match(first.parts?.[0], { thought: true, text: 'Greet.' })
    t.equal(textOf(first), 'Hello')
    t.equal(signed(first).length, 1)
    t.match(signed(first)[0]?.text, /^Hel/)
    g.script({ text: 'ok' })
    await g.gemini({ model: claude, config: thinking,
      contents: [user({ text: 'hi' }), model(...first.parts ?? []), user({ text: 'and?' })] })
    t.match(g.sent('/v1/messages').messages[1].content, [{ type: 'thinking', thinking: 'Greet.',
      signature: 'c2lnbmF0dXJl' }, { type: 'text' }])
  })

  both(20, "a reasoning item goes with the call, back to the same model, and is not another model's", async (t, g) => {
    g.script({ reasoning: 'Weather first.', opaque: 'ZW5jcnlwdGVk', toolCalls: [romeCall('call_20')] })
    const parts = await round(g, gpt5)
    t.equal(signed({ parts }).length, 1)
    t.match(signed({ parts })[0], { functionCall: { name: 'get_weather' } })
    t.match(g.sent('/responses').input.filter((item: { type: string }) => item.type === 'reasoning'), [{
      encrypted_content: 'ZW5jcnlwdGVk',
    }])
    g.script({ text: 'ok' })
    await g.gemini({ model: codex, config: thinking,
      contents: [user({ text: 'weather?' }), model(...parts),
        user(result('get_weather', { output: 'sun' }, 'call_20'))] })
    t.notMatch(JSON.stringify(g.sent('/responses')), /ZW5jcnlwdGVk/)
  })

  both(21, "Gemini's state on Chat comes after its text, and goes with the call", async (t, g) => {
    g.script({ text: 'Let me look.', opaque: 'b3BhcXVl', toolCalls: [romeCall('call_21')] })
    const parts = await round(g, gemini)
    t.equal(textOf({ parts }), 'Let me look.')
    t.equal(signed({ parts }).length, 1)
    t.match(JSON.stringify(g.sent('/chat/completions').messages[1]), /"reasoning_opaque":"b3BhcXVl"/)
  })

  both(22, 'a dummy signature is no state', async (t, g) => {
    for (const id of [...each, gemini]) {
      g.script({ text: 'ok' })
      await g.gemini({ model: id, config: { tools },
        contents: [user({ text: 'weather?' }),
          model({ ...call('get_weather', { location: 'Rome' }, 'a1'),
            thoughtSignature: 'skip_thought_signature_validator' }),
          user(result('get_weather', { output: 'sun' }, 'a1'))] })
      t.notMatch(JSON.stringify(g.sent()), /skip_thought|"(?:reasoning_opaque|encrypted_content|signature)":/)
      t.match(resultsOf(g), [['a1', /sun/]])
    }
  })

  both(23, 'a part with a signature and nothing else', async (t, g) => {
    g.script({ reasoning: 'Greet.', opaque: 'c2lnbmF0dXJl', text: 'Hello' })
    const first = await g.gemini({ model: claude, contents: 'hi', config: thinking })
    const [part] = signed(first)
    g.script({ text: 'ok' }, { text: 'ok' })
    const ask = (...parts: Part[]) =>
      g.gemini({ model: claude, config: thinking,
        contents: [user({ text: 'hi' }), model({ text: 'Hello' }, ...parts), user({ text: 'and?' })] })
    await ask({ thoughtSignature: part?.thoughtSignature ?? '' })
    t.match(JSON.stringify(g.sent('/v1/messages').messages[1]), /c2lnbmF0dXJl/)
    await ask({ thoughtSignature: 'c29tZWJvZHkgZWxzZQ==' })
    t.notMatch(JSON.stringify(g.sent('/v1/messages').messages[1]), /signature/)
  })

  both(24, 'calls of any upstream are whole, and end with STOP', async (t, g) => {
    for (const id of each) {
      g.script({
        toolCalls: [{ id: 'a1', name: 'get_weather', arguments: ['{"loca', 'tion":"Rome"}'] }, { id: 'b2',
          name: 'read_file', arguments: ['{"path":', '"a.txt"}'] }],
      })
      const answer = await g.gemini({ model: id, contents: 'go', config: { tools } })
      t.same(callsIn(answer), [['get_weather', { location: 'Rome' }], ['read_file', { path: 'a.txt' }]])
      t.equal(answer.finish, 'STOP')
    }
  })

  both(25, 'an answer that is cut is MAX_TOKENS; one that is filtered is SAFETY, with its text', async (t, g) => {
    g.script({ text: 'half', finish: 'length' }, { text: 'part', finish: 'content_filter' })
    t.match(await g.gemini({ model: gpt, contents: 'hi' }), { finish: 'MAX_TOKENS', parts: [{ text: /^ha/ }] })
    const filtered = await g.gemini({ model: codex, contents: 'hi' })
    t.equal(filtered.finish, 'SAFETY')
    t.match(textOf(filtered), /part/)
  })

  streamed(26, 'usage that comes after the finish is in the last event', async (t, g) => {
    const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15,
      prompt_tokens_details: { cached_tokens: 4 }, completion_tokens_details: { reasoning_tokens: 2 } }
    g.script({
      chunks: [chunk({ role: 'assistant', content: 'hi' }), finished('stop'), { ...chunk({}), choices: [], usage },
        done],
    })
    const { text } = await g.post(`/models/${gpt}:streamGenerateContent?alt=sse`, { contents: [{
      parts: [{ text: 'hi' }],
    }] })
    const events = text.split('\r\n\r\n').filter(Boolean).map(event => JSON.parse(event.slice(6)))
    t.match(events.at(-1), { candidates: [{ finishReason: 'STOP' }],
      usageMetadata: { promptTokenCount: 10, cachedContentTokenCount: 4, candidatesTokenCount: 3, thoughtsTokenCount: 2,
        totalTokenCount: 15 } })
    t.equal(events.filter(event => event.candidates?.[0]?.finishReason !== undefined).length, 1)
  })

  streamed(27, 'upstream dies in the middle: both forms of the error', async (t, g) => {
    for (const [id, path] of [[gpt, '/chat/completions'], [codex, '/responses'], [claude, '/v1/messages']] as const) {
      g.emulator.fault({ path }, { kind: 'reset-after', events: 4 })
      const { text } = await g.post(`/models/${id}:streamGenerateContent?alt=sse`, { contents: [{
        parts: [{ text: 'hi' }],
      }] })
      t.match(text, /data: \{"error":\{"code":502[^]*\r\n\r\n\{"error":\{"code":502/)
      g.emulator.fault({ path }, { kind: 'reset-after', events: 4 })
      t.ok(await g.failure(g.gemini({ model: id, contents: 'hi' })), 'the SDK throws')
    }
  })

  whole(28, 'a 429 carries RetryInfo; a prompt that is too long is 400', async (t, g) => {
    g.emulator.fault({ path: '/chat/completions' }, knownErrors.rateLimited())
    t.match((await g.post(`/models/${gpt}:generateContent`, { contents: [{ parts: [{ text: 'hi' }] }] })).json, {
      error: { code: 429, status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: /^\d+s$/ }] },
    })
    g.emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 400, body: JSON.stringify({
      error: { message: 'prompt token count of 200000 exceeds the limit of 128000',
        code: 'model_max_prompt_tokens_exceeded' },
    }) })
    t.match((await g.post(`/models/${gpt}:generateContent`, { contents: [{ parts: [{ text: 'hi' }] }] })).json, {
      error: { code: 400, status: 'INVALID_ARGUMENT',
        message: /The input token count .*exceeds the maximum number of tokens/ },
    })
  })

  streamed(29, 'without alt=sse a stream is one array, also with pings between its elements', async (t, g) => {
    const own = await g.another(t, { HEARTBEAT_SECONDS: '0.1' })
    for (const id of each) {
      own.emulator.fault({ path: /^\/(chat|responses|v1)/ }, { kind: 'delay', ms: 350 })
      own.script({ text: ['a', 'b'] })
      const { text } = await own.post(`/models/${id}:streamGenerateContent`, {
        contents: [{ parts: [{ text: 'hi' }] }],
      })
      const chunks = JSON.parse(text)
      t.match(chunks.at(-1), { candidates: [{ finishReason: 'STOP' }] })
      own.emulator.clearFaults()
    }
  })

  whole(30, "counts, models by Google's header, embeddings; the key is in no log", async (t, g) => {
    const own = await g.another(t, { ALLOW_KEY_IN_URL: '1' })
    const root = own.user.base.replace(/\/v1$/, '')
    const headers = { 'x-goog-api-key': own.user.password }
    t.match(
      (await request(`${root}/v1beta/models/${gpt}:countTokens`, { headers,
        json: { contents: [{ parts: [{ text: 'hello' }] }] } })).json,
      { totalTokens: Number },
    )
    t.match((await request(`${own.user.base}/models`, { headers })).json, { models: [{ name: /^models\// }] })
    const { json } = await request(`${root}/v1beta/models/text-embedding-3-small:batchEmbedContents`, { headers, json: {
      requests: ['a', 'b'].map(text => ({ model: 'models/text-embedding-3-small', content: { parts: [{ text }] } })),
    } })
    t.equal(json.embeddings.length, 2)
    t.equal((await request(`${root}/v1beta/models?key=${own.user.password}`)).status, 200)
    t.notMatch(own.target.logs(), own.user.password)
  })
}
