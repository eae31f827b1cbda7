// Web search with the seat alone, through the vendors' own SDKs: natively where the model searches, else by the gateway.
import Anthropic from '@anthropic-ai/sdk'
import type { Frame } from '../fixtures/cases.ts'
import { call, type Json } from '../fixtures/http.ts'
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
const weather = { name: 'get_weather', description: 'for weather', input_schema: { type: 'object' as const,
  properties: { location: { type: 'string' } }, required: ['location'] } }

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
        const message = stream
          ? await client.messages.stream(body).finalMessage()
          : await client.messages.create(body)
        const types = message.content.map(({ type }) => type)
        t.match(types.slice(types.indexOf('server_tool_use')), ['server_tool_use', 'web_search_tool_result', 'text'])
        const [use] = message.content.filter(block => block.type === 'server_tool_use')
        const [result] = message.content.filter(block => block.type === 'web_search_tool_result')
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
        t.match(searched, { status: 'completed', action: { type: 'search', query: 'tides in Bergen',
          sources: [{ type: 'url', url: page.url }] } })
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

      test(`Gemini's googleSearch gives grounding: ${how}`, async t => {
        const ai = google(await enabled())
        const asked = { model, contents: question, config: { tools: [{ googleSearch: {} }] } }
        const answers = stream
          ? (await gather(await ai.models.generateContentStream(asked))).chunks
          : [await ai.models.generateContent(asked)]
        const grounding = answers.at(-1)?.candidates?.[0]?.groundingMetadata
        t.match(grounding, { webSearchQueries: ['tides in Bergen'], groundingChunks: [{ web: { uri: page.url,
          title: page.title } }], groundingSupports: [{ segment: { text: 'High water in Bergen is at 04:10.' },
          groundingChunkIndices: [0] }] })
        const { segment } = grounding?.groundingSupports?.[0] ?? {}
        const text = Buffer.from(answers.map(answer => answer.text ?? '').join(''))
        t.equal(text.subarray(segment?.startIndex, segment?.endIndex).toString(), segment?.text, 'offsets count bytes')
      })
    }
  }
}
