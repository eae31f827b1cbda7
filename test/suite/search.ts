// Web search with the seat alone, through the vendors' own SDKs: natively where the model searches, else by the
// gateway.
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import Anthropic from '@anthropic-ai/sdk'
import { generateText, streamText } from 'ai'
import type { Frame } from '../fixtures/cases.ts'
import { call, until, type Json } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { gather, google } from './google.ts'
import { openAi, says } from './openai.ts'

/** A GPT model that searches, one that Copilot serves on Chat alone, a Claude and a Gemini model. */
const models = ['gpt-5-mini', 'gpt-4o', 'claude-sonnet-4.5', 'gemini-2.5-pro'] as const
const native = 'gpt-5-mini'
const question = 'search the web for "tides in Bergen"'
const page = { url: 'https://tides.example/bergen', title: 'Tides in Bergen' }
const link = /^\(?\[.*bergen.*\)$/i
const webSearch = { type: 'web_search_20250305', name: 'web_search' } as const
const unavailable = { type: 'web_search_tool_result_error', error_code: 'unavailable' }
const resultsOf = ({ content }: Pick<Anthropic.Message, 'content'>) =>
  content.filter(block => block.type === 'web_search_tool_result')
const weather = { name: 'get_weather', description: 'for weather',
  input_schema: { type: 'object' as const, properties: { location: { type: 'string' } }, required: ['location'] } }

function anthropic ({ base, password }: User, headers: Record<string, string> = {}): Anthropic {
  return new Anthropic({ authToken: password, apiKey: null, baseURL: base.replace(/\/v1$/, ''), maxRetries: 0,
    timeout: 20_000, defaultHeaders: headers })
}

export function searchSuite ({ target, test, testWith }: Frame): void {
  const { emulator } = target
  const enabled = async (of = target): Promise<User> => {
    const user = await of.addUser()
    for (const model of models) user.seat.policies.set(model, 'enabled')
    return user
  }
  const bodies = (of = target): Json[] =>
    of.seen().filter(({ path }) => /completions|responses|messages/.test(path)).map(({ json }) => json as Json)
  const initiators = (): Array<string | undefined> =>
    target.seen().filter(({ path }) => /completions|responses|messages/.test(path)).map(({ headers }) =>
      headers['x-initiator']
    )

  for (const model of models) {
    for (const stream of [false, true]) {
      const how = `${model}, ${stream ? 'streamed' : 'whole'}`

      test(`Anthropic's server tool gives calls, results and citations: ${how}`, async t => {
        const client = anthropic(await enabled())
        const body = { model, max_tokens: 2_000, tools: [webSearch], messages: says(question) }
        const message = stream ? await client.messages.stream(body).finalMessage() : await client.messages.create(body)
        const types = message.content.map(({ type }) => type)
        t.match(types.slice(types.indexOf('server_tool_use')), ['server_tool_use', 'web_search_tool_result', 'text'])
        const [use] = message.content.filter(block => block.type === 'server_tool_use')
        const [result] = resultsOf(message)
        t.match(use, { id: /^srvtoolu_/, name: 'web_search', input: { query: 'tides in Bergen' } })
        t.equal(result?.tool_use_id, use?.id)
        t.match(result?.content, [{ type: 'web_search_result', url: page.url }])
        const last = message.content.findLast(block => block.type === 'text')
        t.match(last?.citations?.[0], { type: 'web_search_result_location', ...page,
          cited_text: 'High water in Bergen is at 04:10.' })
        t.match(message, { stop_reason: 'end_turn', usage: { server_tool_use: { web_search_requests: 1 } } })
        t.match(initiators(), model === native ? ['user'] : ['user', 'agent', 'agent'], 'a person asked once')
      })

      test(`OpenAI's web_search gives a call and annotations: ${how}`, async t => {
        const client = openAi(await enabled())
        const body = { model, input: question, tools: [{ type: 'web_search' as const }],
          include: ['web_search_call.action.sources' as const] }
        const response = stream
          ? await client.responses.stream(body).finalResponse()
          : await client.responses.create(body)
        const [searched] = response.output.filter(item => item.type === 'web_search_call')
        t.match(searched, { status: 'completed',
          action: { type: 'search', query: 'tides in Bergen', sources: [{ type: 'url', url: page.url }] } })
        const part: Json = response.output.flatMap(item => item.type === 'message' ? item.content : []).at(-1)
        const [cited] = part.annotations
        t.match(cited, { type: 'url_citation', title: page.title, url: new RegExp(`^${page.url}`) })
        t.match(part.text.slice(cited.start_index, cited.end_index), link, 'the range is the link')
      })

      test(`Chat's web_search_options gives annotations: ${how}`, async t => {
        const client = openAi(await enabled())
        const body = { model, messages: says(question), web_search_options: {} }
        const completion = stream
          ? await client.chat.completions.stream(body).finalChatCompletion()
          : await client.chat.completions.create(body)
        const message: Json = completion.choices[0]?.message
        const [cited] = message.annotations
        t.match(cited, { type: 'url_citation', url_citation: { ...page } })
        const { start_index: start, end_index: end } = cited.url_citation
        t.match(message.content.slice(start, end), link, 'the range is the link')
        t.notOk(message.tool_calls, 'nobody has to run anything')
      })

      if (stream) {
        test(`a streamed Chat answer with a search ends with its usage and [DONE]: ${model}`, async t => {
          const { base, password } = await enabled()
          const { text } = await call(`${base}/chat/completions`, { headers: { authorization: `Bearer ${password}` },
            json: { model, stream: true, stream_options: { include_usage: true }, messages: says(question),
              web_search_options: {} } })
          const events = text.trimEnd().split('\n\n').filter(event => event.startsWith('data: '))
          t.equal(events.at(-1), 'data: [DONE]')
          t.ok((JSON.parse(events.at(-2)?.slice(6) ?? '{}')).usage.completion_tokens > 0)
        })
      }

      test(`Gemini's googleSearch gives grounding: ${how}`, async t => {
        const ai = google(await enabled())
        const asked = { model, contents: question, config: { tools: [{ googleSearch: {} }] } }
        const answers = stream
          ? (await gather(await ai.models.generateContentStream(asked))).chunks
          : [await ai.models.generateContent(asked)]
        const grounding = answers.at(-1)?.candidates?.[0]?.groundingMetadata
        t.match(grounding, { webSearchQueries: ['tides in Bergen'],
          groundingChunks: [{ web: { uri: page.url, title: page.title } }],
          groundingSupports: [{ segment: { text: 'High water in Bergen is at 04:10.' }, groundingChunkIndices: [0] }] })
        const { segment } = grounding?.groundingSupports?.[0] ?? {}
        const text = Buffer.from(answers.map(answer => answer.text ?? '').join(''))
        t.equal(text.subarray(segment?.startIndex, segment?.endIndex).toString(), segment?.text, 'offsets count bytes')
      })
    }
  }

  for (const model of models) {
    test(`the AI SDK reads sources from both of its providers, whole and streamed: ${model}`, async t => {
      const { base: baseURL, password: apiKey } = await enabled()
      const claude = createAnthropic({ baseURL, apiKey })
      const openai = createOpenAI({ baseURL, apiKey })
      for (const [of, tools] of [[claude(model), { web_search: claude.tools.webSearch_20250305({}) }], [
        openai.responses(model),
        { web_search: openai.tools.webSearch({}) },
      ]] as const) {
        const asked = { model: of, tools: tools as Json, prompt: question, maxRetries: 0 }
        const whole = await generateText(asked)
        t.match(whole.sources, [{ type: 'source', sourceType: 'url', url: new RegExp(page.url) }], of.provider)
        t.match(whole.text, /04:10/)
        const streamed = streamText(asked)
        t.match(await streamed.sources, [{ url: new RegExp(page.url) }], `${of.provider}, streamed`)
        t.equal(await streamed.finishReason, 'stop')
      }
    })
  }

  test('native search passes as bytes: the request, and the stream', async t => {
    const user = await enabled()
    const body = JSON.stringify({ model: native, stream: true, store: false,
      input: [{ type: 'message', role: 'user', content: [{ type: 'input_text', text: question }] }],
      tools: [{ type: 'web_search', external_web_access: true }], include: ['reasoning.encrypted_content'] })
    const got = await call(`${user.base}/responses`, { method: 'POST', body,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${user.password}` } })
    t.equal(got.status, 200)
    t.equal(got.headers.get('x-proxy-dropped'), null)
    t.equal(target.seen('/responses').at(-1)?.body, body)
    t.match(got.text, /"type":"response.web_search_call.searching"/)
    t.match(got.text, /utm_source=openai/, 'nothing is rewritten')
  })

  test('history with searches is accepted by every model, in every dialect', async t => {
    const user = await enabled()
    const client = anthropic(user)
    const first = await client.messages.create({ model: 'claude-sonnet-4.5', max_tokens: 2_000, tools: [webSearch],
      messages: says(question) })
    const foreign = [{ type: 'server_tool_use', id: 'srvtoolu_x', name: 'web_search', input: { query: 'q' } }, {
      type: 'web_search_tool_result',
      tool_use_id: 'srvtoolu_x',
      content: [{ type: 'web_search_result', title: 'T', url: 'https://u.example', encrypted_content: 'EqQ',
        page_age: null }],
    }, { type: 'web_search_tool_result', tool_use_id: 'srvtoolu_orphan',
      content: { type: 'web_search_tool_result_error', error_code: 'unavailable' } }]
    for (const model of models) {
      for (const tools of [[], [webSearch], [weather]]) {
        const history: Json = [...says(question), { role: 'assistant', content: [...first.content, ...foreign] },
          ...says('thank you')]
        const next = await client.messages.create({ model, max_tokens: 2_000, messages: history, tools })
        t.equal(next.type, 'message', `${model} with ${tools.length} tools`)
        const sent = JSON.stringify(bodies().at(-1))
        t.match(sent, /High water in Bergen is at 04:10/, 'the model reads again what was found')
        t.match(sent, /u\.example/)
        t.notMatch(sent, /encrypted_content":"EqQ|srvtoolu/)
      }
    }
    const ai = openAi(user)
    const input: Json = [{ role: 'user', content: question }, { type: 'web_search_call', id: 'ws_1',
      status: 'completed', action: { type: 'search', query: 'tides', sources: [{ type: 'url', url: page.url }] } }, {
      type: 'message',
      role: 'assistant',
      id: 'msg_1',
      status: 'completed',
      content: [{ type: 'output_text', text: 'At 04:10.',
        annotations: [{ type: 'url_citation', start_index: 0, end_index: 3, url: page.url, title: page.title }] }],
    }, { role: 'user', content: 'thank you' }]
    for (const model of models) {
      const response = await ai.responses.create({ model, input, tools: [{ type: 'web_search' }] })
      t.equal(response.status, 'completed', model)
      t.match(JSON.stringify(bodies().at(-1)), /tides\.example/)
    }
  })

  test('a search and a tool of the client in one turn, and the turn after it', async t => {
    const client = anthropic(await enabled())
    for (const model of ['claude-sonnet-4.5', 'gpt-4o'] as const) {
      emulator.answers.push({ model, text: 'Let me see.',
        toolCalls: [{ name: 'web_search', arguments: '{"query":"tides"}' }, { name: 'get_weather',
          arguments: '{"location":"Rome"}' }] })
      const asked: Json[] = says('both, please')
      const first = await client.messages.stream({ model, max_tokens: 2_000, tools: [webSearch, weather],
        messages: asked }).finalMessage()
      t.same(first.content.map(({ type }) => type), ['text', 'server_tool_use', 'web_search_tool_result', 'tool_use'])
      t.equal(first.stop_reason, 'tool_use')
      const use = first.content.find(block => block.type === 'tool_use')
      const next = await client.messages.create({ model, max_tokens: 2_000, tools: [webSearch, weather],
        messages: [...asked, { role: 'assistant', content: first.content }, { role: 'user',
          content: [{ type: 'tool_result', tool_use_id: use?.id ?? '', content: 'sun' }] }] })
      t.match(next, { stop_reason: 'end_turn' }, 'Copilot accepts each call with its result')
      t.match(JSON.stringify(bodies().at(-1)), /High water[^]*sun/)
    }
  })

  test('parallel searches give a pair each, in order', async t => {
    const client = anthropic(await enabled())
    emulator.answers.push({ model: 'claude-sonnet-4.5', toolCalls: ['one', 'two', 'three'].map(query => ({
      name: 'web_search',
      arguments: JSON.stringify({ query }),
    })) })
    const message = await client.messages.stream({ model: 'claude-sonnet-4.5', max_tokens: 2_000, tools: [webSearch],
      messages: says('go') }).finalMessage()
    t.same(message.content.filter(block => block.type === 'server_tool_use').map(({ input }) => input), [{
      query: 'one',
    }, { query: 'two' }, { query: 'three' }])
    t.same(message.content.map(({ type }) => type).slice(0, 6), ['server_tool_use', 'web_search_tool_result',
      'server_tool_use', 'web_search_tool_result', 'server_tool_use', 'web_search_tool_result'])
    t.equal(message.usage.server_tool_use?.web_search_requests, 3)
  })

  for (const model of ['claude-sonnet-4.5', 'gpt-4o', 'gemini-2.5-pro']) {
    test(`max_uses: then one error, and the answer follows: ${model}`, async t => {
      const client = anthropic(await enabled())
      const again = { model, toolCalls: [{ name: 'web_search', arguments: '{"query":"more"}' }] }
      emulator.answers.push(again, again)
      const message = await client.messages.create({ model, max_tokens: 2_000, tools: [{ ...webSearch, max_uses: 1 }],
        messages: says('go') })
      t.match(resultsOf(message).map(({ content }) => content), [[{ url: page.url }], {
        type: 'web_search_tool_result_error',
        error_code: 'max_uses_exceeded',
      }])
      t.equal(message.content.at(-1)?.type, 'text')
      t.match(message, { stop_reason: 'end_turn', usage: { server_tool_use: { web_search_requests: 1 } } })
      t.equal(target.seen('/responses').length, 1)
      t.match(JSON.stringify(bodies().at(-1)?.tool_choice), /none/, 'the model cannot ask again')
    })
  }

  test('an endless model ends after ten rounds', async t => {
    const client = anthropic(await enabled())
    const again = { model: 'gpt-4o', toolCalls: [{ name: 'web_search', arguments: '{"query":"more"}' }] }
    emulator.answers.push(...Array.from({ length: 10 }, () => again))
    const message = await client.messages.create({ model: 'gpt-4o', max_tokens: 2_000,
      tools: [{ ...webSearch, max_uses: 100 }], messages: says('go') })
    t.equal(message.stop_reason, 'end_turn')
    t.equal(target.seen('/chat/completions').length, 10)
    t.equal(target.seen('/responses').length, 8)
  })

  test('a failure of a later round ends the answer as a failure, in the form of the client', async t => {
    const user = await enabled()
    const headers = { authorization: `Bearer ${user.password}` }
    const failing = () => {
      emulator.answers.push({ model: 'gpt-4o', toolCalls: [{ name: 'web_search', arguments: '{"query":"q"}' }] })
      emulator.fault({ path: '/chat/completions' }, { kind: 'delay', ms: 1 })
      emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 500, body: 'broken' })
    }
    for (const [path, body, words] of [['/messages', { max_tokens: 2_000, tools: [webSearch], messages: says('go') },
      /event: error/], ['/responses', { input: 'go', tools: [{ type: 'web_search' }] }, /response\.failed/], [
      '/chat/completions',
      { messages: says('go'), web_search_options: {} },
      /data: \{"error"/,
    ]] as const) {
      failing()
      const streamed = await call(`${user.base}${path}`, { json: { model: 'gpt-4o', stream: true, ...body }, headers })
      t.equal(streamed.status, 200)
      t.match(streamed.text, words, path)
      t.notMatch(streamed.text, /message_stop|response\.completed|\[DONE\]/)
      failing()
      t.equal((await call(`${user.base}${path}`, { json: { model: 'gpt-4o', ...body }, headers })).status, 502, path)
    }
  })

  test('a refusal of the first round keeps its status', async t => {
    const user = await enabled()
    emulator.fault({ path: '/v1/messages' }, { kind: 'status', status: 402,
      body: JSON.stringify({ error: { code: 'quota_exceeded', message: 'no quota' } }) })
    const got = await call(`${user.base}/messages`, { headers: { authorization: `Bearer ${user.password}` },
      json: { model: 'claude-sonnet-4.5', max_tokens: 2_000, stream: true, tools: [webSearch], messages: says('go') } })
    t.equal(got.status, 402)
  })

  test('no page outside the lists of domains, and the place goes along', async t => {
    const client = anthropic(await enabled())
    for (const model of models) {
      for (const lists of [{ allowed_domains: ['almanac.example', 'shop.test'] }, {
        blocked_domains: ['https://www.tides.example/', 'harbour.example'],
      }]) {
        const message = await client.messages.create({ model, max_tokens: 2_000, messages: says(question),
          tools: [{ ...webSearch, ...lists,
            user_location: { type: 'approximate' as const, country: 'NO', city: 'Bergen' } }] })
        const urls = message.content.flatMap((block: Json) =>
          block.type === 'web_search_tool_result' ? block.content.map(({ url }: Json) => url) : []
        )
        const wanted = 'allowed_domains' in lists
          ? ['https://almanac.example/sea', 'https://shop.test/about']
          : ['https://almanac.example/sea']
        t.same(urls, wanted, model)
        t.match(target.seen('/responses').at(-1)?.json, {
          tools: [{ type: 'web_search', user_location: { type: 'approximate', country: 'NO', city: 'Bergen' } }],
        })
      }
    }
  })

  test('Claude Code asks for one search: no round of its model, and sources to show', async t => {
    const client = anthropic(await enabled())
    for (const model of models) {
      target.begin()
      const message = await client.messages.stream({ model, max_tokens: 32_000,
        system: [{ type: 'text', text: 'You are an assistant for performing a web search tool use' }],
        messages: [{ role: 'user',
          content: [{ type: 'text', text: 'Perform a web search for the query: tides "Bergen"' }] }],
        tools: [{ ...webSearch, max_uses: 8 }], tool_choice: { type: 'tool', name: 'web_search' } }).finalMessage()
      t.same(message.content.map(({ type }) => type), ['server_tool_use', 'web_search_tool_result', 'text'], model)
      t.match(message.content, [{}, { content: [{ url: page.url }] }, { citations: [{ url: page.url }] }])
      t.equal(message.model, model)
      t.same(initiators(), ['agent'], 'one call, and no person asked for it')
      t.equal(target.seen('/responses').length, 1)
    }
  })

  test('Gemini CLI asks for one search: no round of its model, and sources to show', async t => {
    const ai = google(await enabled())
    const config = { tools: [{ googleSearch: {} }], systemInstruction: 'You are Gemini CLI, an autonomous CLI agent.' }
    for (const model of models) {
      target.begin()
      const answer = await ai.models.generateContent({ model, contents: 'tides "Bergen"', config })
      t.match(answer.candidates?.[0]?.groundingMetadata, { webSearchQueries: ['Bergen'], groundingChunks: [{ web: {
        uri: page.url,
        title: page.title,
      } }] }, model)
      t.match(answer.text, /04:10/)
      t.same(initiators(), ['agent'], 'one call, and no person asked for it')
      t.equal(target.seen('/responses').length, 1)
    }
    target.begin()
    await ai.models.generateContent({ model: 'gpt-4o', contents: 'hi', config: { tools: [{ googleSearch: {} }] } })
    t.same(initiators(), ['user'], "a person's own question")
  })

  test('a model that refuses to search is no longer asked to, and the gateway searches for it', async t => {
    const user = await enabled()
    const client = openAi(user)
    emulator.strict.searchless = [native]
    for (let nth = 0; nth < 3; nth++) {
      target.begin()
      const response = await client.responses.create({ model: native, input: question,
        tools: [{ type: 'web_search' }] })
      t.match(response.output.map(({ type }) => type).filter(type => type !== 'reasoning'), ['web_search_call',
        'message'])
      t.match(response.output.filter(({ type }) => type === 'web_search_call'), [{ status: 'completed' }])
      const [asked] = target.seen('/responses')
      t.equal(asked?.status, nth < 2 ? 400 : 200, `call ${nth}`)
    }
    emulator.strict.searchless = []
  })

  test('a seat without any searching model: one clear error that names the way out', async t => {
    const client = anthropic(await enabled())
    emulator.strict.responsesWebSearch = true
    for (const model of ['claude-sonnet-4.5', native] as const) {
      const message = await client.messages.create({ model, max_tokens: 2_000, tools: [webSearch],
        messages: says(question) })
      t.match(resultsOf(message), [{ content: unavailable }], model)
      t.match(JSON.stringify(bodies().at(-1)), /Copilot can search the web/, 'the model can tell the person')
      t.equal(message.stop_reason, 'end_turn')
    }
    emulator.strict.responsesWebSearch = false
  })

  test("Copilot's 429 for a search is an error of the tool, asked once", async t => {
    const client = anthropic(await enabled())
    emulator.fault({ path: '/responses' }, { kind: 'status', status: 429,
      body: JSON.stringify({ error: { message: 'slow', code: 'rate_limited' } }) })
    const message = await client.messages.create({ model: 'claude-sonnet-4.5', max_tokens: 2_000, tools: [webSearch],
      messages: says(question) })
    t.match(resultsOf(message), [{
      content: { error_code: 'too_many_requests' },
    }])
    t.equal(target.seen('/responses').length, 1)
    t.equal(message.content.at(-1)?.type, 'text')
  })

  test('an answer without a search is no result', async t => {
    const client = anthropic(await enabled())
    emulator.answers.push({ path: '/responses', text: 'I know it: at noon.' })
    const message = await client.messages.create({ model: 'claude-sonnet-4.5', max_tokens: 2_000, tools: [webSearch],
      messages: says(question) })
    t.match(resultsOf(message), [{
      content: { error_code: 'unavailable' },
    }])
    t.notMatch(JSON.stringify(message), /noon/)
  })

  test('queries that cannot be asked', async t => {
    const client = anthropic(await enabled())
    for (const [query, code] of [['', 'invalid_tool_input'], ['x'.repeat(1_001), 'query_too_long']] as const) {
      emulator.answers.push({ model: 'claude-sonnet-4.5',
        toolCalls: [{ name: 'web_search', arguments: JSON.stringify({ query }) }] })
      const message = await client.messages.create({ model: 'claude-sonnet-4.5', max_tokens: 2_000, tools: [webSearch],
        messages: says('go') })
      t.match(resultsOf(message), [{
        content: { error_code: code },
      }])
    }
    t.equal(target.seen('/responses').length, 0)
  })

  test('web_fetch: one clear error of the tool', async t => {
    const client = anthropic(await enabled())
    const tools: Json = [{ type: 'web_fetch_20250910', name: 'web_fetch' }]
    for (const model of models) {
      emulator.answers.push({ model, toolCalls: [{ name: 'web_fetch', arguments: '{"url":"https://a.example"}' }] })
      const message = await client.messages.stream({ model, max_tokens: 2_000, tools,
        messages: says('read https://a.example') }).finalMessage()
      t.match(message.content.filter(({ type }) => type !== 'text'), [{ type: 'server_tool_use', name: 'web_fetch',
        input: { url: 'https://a.example' } }, { type: 'web_fetch_tool_result', content: {
          type: 'web_fetch_tool_result_error',
          error_code: 'unavailable',
        } }], model)
      t.equal(message.stop_reason, 'end_turn')
    }
  })

  test('what the seat refuses in a search is left out the second time', async t => {
    const client = anthropic(await enabled())
    emulator.strict.refusedIncludes = ['web_search_call.action.sources']
    const message = await client.messages.create({ model: 'claude-sonnet-4.5', max_tokens: 2_000, tools: [webSearch],
      messages: says(question) })
    t.match(resultsOf(message), [{ content: [page] }], 'the cited pages are the results')
    const direct = await client.messages.stream({ model: native, max_tokens: 2_000, tools: [webSearch],
      messages: says(question) }).finalMessage()
    t.match(resultsOf(direct), [{ content: [page] }], 'also where the model searches, and streamed')
    emulator.strict.refusedIncludes = []
  })

  test('older names of the tool work', async t => {
    const client = openAi(await enabled())
    for (const model of models) {
      const response = await client.responses.create({ model, input: question,
        tools: [{ type: 'web_search_preview' }] })
      t.match(response.output.map(({ type }) => type).filter(type => type === 'web_search_call'), ['web_search_call'])
    }
  })

  test('signatures come back unchanged in the second round', async t => {
    const client = anthropic(await enabled())
    emulator.answers.push({ model: 'claude-sonnet-4.5', reasoning: 'I must look.', opaque: 'c2lnbmVkLXN0YXRl',
      toolCalls: [{ name: 'web_search', arguments: '{"query":"tides"}' }] })
    const message = await client.messages.create({ model: 'claude-sonnet-4.5', max_tokens: 4_000, tools: [webSearch],
      messages: says('go'), thinking: { type: 'enabled', budget_tokens: 2_000 } })
    t.match(message.content[0], { type: 'thinking', thinking: 'I must look.', signature: 'c2lnbmVkLXN0YXRl' })
    t.match(bodies().at(-1).messages[1].content[0], { type: 'thinking', thinking: 'I must look.',
      signature: 'c2lnbmVkLXN0YXRl' })
    // The client sends it all back, and asks for more.
    const next = await client.messages.create({ model: 'claude-sonnet-4.5', max_tokens: 4_000, tools: [webSearch],
      messages: [...says('go'), { role: 'assistant', content: message.content }, ...says('thanks')],
      thinking: { type: 'enabled', budget_tokens: 2_000 } })
    t.equal(next.stop_reason, 'end_turn')
    t.match(JSON.stringify(bodies().at(-1)), /c2lnbmVkLXN0YXRl/)
  })

  // A ping shows the runtime that the client has left.
  testWith({ HEARTBEAT_SECONDS: '0.2' }, 'a client that leaves ends the search at Copilot', async (t, of) => {
    const client = anthropic(await enabled(of))
    of.emulator.answers.push({ model: 'claude-sonnet-4.5',
      toolCalls: [{ name: 'web_search', arguments: '{"query":"slow"}' }] })
    of.emulator.fault({ path: '/responses' }, { kind: 'hang' })
    const leaving = new AbortController()
    const answer = client.messages.create({ model: 'claude-sonnet-4.5', max_tokens: 2_000, tools: [webSearch],
      messages: says('go'), stream: true }, { signal: leaving.signal }).then(async stream => {
        for await (const event of stream) void event
      })
    await until(() => of.seen('/responses').length === 1, 'the search has begun', 5_000)
    leaving.abort()
    await answer.catch(() => {}) // the SDK may end the loop or throw
    await until(() => of.seen('/responses')[0]?.aborted === true, 'the search is closed', 5_000)
    t.equal(of.seen('/responses').length, 1)
  })

  testWith({ HEARTBEAT_SECONDS: '0.2' }, 'a slow search: the client gets pings, then the answer', async (t, of) => {
    const user = await enabled(of)
    for (const content of [question, 'Perform a web search for the query: tides']) {
      of.emulator.fault({ path: '/responses' }, { kind: 'delay', ms: 900 })
      const got = await call(`${user.base}/messages`, { headers: { authorization: `Bearer ${user.password}` },
        json: { model: 'claude-sonnet-4.5', max_tokens: 2_000, stream: true, tools: [webSearch],
          messages: says(content) } })
      t.ok(got.text.split('event: ping').length > 3, content)
      t.match(got.text, /web_search_tool_result[^]*message_stop/)
    }
  })

  test('tokens of requests with web tools are counted', async t => {
    const client = anthropic(await enabled())
    for (const model of models) {
      for (const tools of [[webSearch], [webSearch, weather]]) {
        t.ok((await client.messages.countTokens({ model, messages: says('hi'), tools })).input_tokens > 0, model)
      }
    }
  })

  test('auto searches too, and a conversation goes on by its id', async t => {
    const user = await enabled()
    const message = await anthropic(user).messages.create({ model: 'auto', max_tokens: 2_000, tools: [webSearch],
      messages: says(question) })
    t.match(resultsOf(message), [{ content: [page] }])
    const client = openAi(user)
    for (const model of ['claude-sonnet-4.5', 'gpt-4o']) {
      const first = await client.responses.create({ model, input: question, tools: [{ type: 'web_search' }] })
      const next = await client.responses.create({ model, input: 'thanks', previous_response_id: first.id,
        tools: [{ type: 'web_search' }] })
      t.equal(next.status, 'completed')
      t.match(JSON.stringify(bodies().at(-1)), /tides in Bergen/)
    }
  })

  test('searches count as calls of the model that made them', async t => {
    const user = await enabled()
    await anthropic(user).messages.create({ model: 'claude-sonnet-4.5', max_tokens: 2_000, tools: [webSearch],
      messages: says(question) })
    const { json } = await call(`${user.base}/usage`, { headers: { authorization: `Bearer ${user.password}` } })
    t.match(json.proxy?.models ?? json, /./)
    t.match(JSON.stringify(json), /gpt-5-mini/)
  })

  test("the tokens of Claude Code's own search count once", async t => {
    for (const stream of [false, true]) {
      const user = await enabled()
      const body = { model: 'claude-sonnet-4.5', max_tokens: 2_000, tools: [webSearch],
        messages: says('Perform a web search for the query: tides in Bergen') }
      const client = anthropic(user)
      const { usage } = stream ? await client.messages.stream(body).finalMessage() : await client.messages.create(body)
      t.ok(usage.output_tokens > 0, 'the client sees them')
      const { json } = await call(`${user.base}/usage`, { headers: { authorization: `Bearer ${user.password}` } })
      const counted: Json[] = json.proxy.models
      t.equal(counted.reduce((sum, { output_tokens: tokens }) => sum + tokens, 0), usage.output_tokens)
    }
  })

  test("Codex's own search: queries, pages, the time, and what is not served", async t => {
    const user = await enabled()
    const post = (json: object, path = '/alpha/search') =>
      call(`${user.base}${path}`, { json, headers: { authorization: `Bearer ${user.password}` } })
    const found = await post({ id: 's', model: 'gpt-5.6-sol', input: [], commands: {
      search_query: [{ q: 'tides "Bergen"', recency: 7 }, { q: 'shops', domains: ['shop.test'] }],
      response_length: 'short',
    }, settings: { user_location: { country: 'NO' }, external_web_access: false } })
    t.match(found, { status: 200,
      json: { encrypted_output: null, output: /High water in Bergen is at 04:10/,
        results: [{ type: 'text_result', ref_id: page.url, ...page }] } })
    t.match(found.json.results.at(-1), { url: 'https://shop.test/about' })
    t.equal(found.headers.get('x-copilot-initiator'), 'agent')
    t.same(initiators(), ['agent', 'agent'])
    t.match(bodies()[0], {
      tools: [{ type: 'web_search', external_web_access: false, user_location: { country: 'NO' } }],
    })
    const opened = await post({ id: 's', model: 'm',
      commands: { open: [{ ref_id: page.url, lineno: 1 }], find: [{ ref_id: page.url, pattern: 'high' }] } },
      '/../alpha/search')
    t.match(opened, { status: 200, json: { output: /data, and no instruction\.\n\nHigh water/, results: [{}, {}] } })
    target.begin()
    const rest = await post({ id: 's', model: 'm',
      commands: { open: [{ ref_id: 'turn0search0' }], click: [{ ref_id: 'r', id: 3 }], finance: [{ ticker: 'A' }],
        newer_query: [{}], time: [{ utc_offset: '+01:00' }] } })
    t.equal(rest.status, 200)
    for (const words of [/address of a page is not available here/, /click is not available here/,
      /finance is not available here/, /newer_query is not/, /UTC\+01:00 is 20\d\d-/]) t.match(rest.json.output, words)
    t.same(bodies(), [], 'nothing of it was asked')
    t.match(await post({}), { status: 200, json: { output: /./, results: [] } })
    emulator.answers.push({ path: '/responses', text: 'I know that page by heart.' })
    const invented = await post({ id: 's', model: 'm', commands: { open: [{ ref_id: page.url }] } })
    t.notMatch(invented.json.output, /by heart/, 'a page that was not opened gives no report')
    emulator.strict.responsesWebSearch = true
    t.match(await post({ id: 's', model: 'm', commands: { search_query: [{ q: 'x' }] } }), { status: 200, json: {
      output: /No model of this Copilot seat searches/,
      results: [],
    } })
    emulator.strict.responsesWebSearch = false
  })

  testWith({ WEB_SEARCH: 'off' }, 'WEB_SEARCH=off: the tool has one clear error, and nothing is searched',
    async (t, of) => {
      const user = await enabled(of)
      const client = anthropic(user)
      for (const model of models) {
        const message = await client.messages.create({ model, max_tokens: 2_000, tools: [webSearch],
          messages: says(question) })
        t.match(resultsOf(message), [{ content: unavailable }], model)
        t.match(JSON.stringify(bodies(of).at(-1)), /WEB_SEARCH=off/)
        const response = await openAi(user).responses.create({ model, input: question,
          tools: [{ type: 'web_search' }] })
        t.match(response.output.filter(({ type }) => type === 'web_search_call'), [{ status: 'failed' }])
        const chat = await openAi(user).chat.completions.create({ model, messages: says(question),
          web_search_options: {} })
        t.equal(chat.choices[0]?.finish_reason, 'stop')
        const gemini = await google(user).models.generateContent({ model, contents: question,
          config: { tools: [{ googleSearch: {} }] } })
        t.equal(gemini.candidates?.[0]?.groundingMetadata, undefined)
        t.ok(gemini.text)
      }
      t.notMatch(JSON.stringify(bodies(of)), /"type":"web_search"/)
      const direct = await client.messages.create({ model: 'claude-sonnet-4.5', max_tokens: 2_000,
        messages: says('Perform a web search for the query: tides'), tools: [webSearch] })
      t.match(direct.content, [{ type: 'server_tool_use' }, { content: { error_code: 'unavailable' } }, {
        text: /WEB_SEARCH=off/,
      }])
    })

  testWith({ WEB_SEARCH_MODEL: 'gpt-5.1' }, 'WEB_SEARCH_MODEL chooses the model that searches', async (t, of) => {
    await anthropic(await enabled(of)).messages.create({ model: 'claude-sonnet-4.5', max_tokens: 2_000,
      tools: [webSearch], messages: says(question) })
    t.equal((of.seen('/responses')[0]?.json as Json).model, 'gpt-5.1')
  })
}
