// Requests of Google's clients: contents, files, calls and results, schemas.
// `docs/spec/translation.md#golden-cases-of-gemini`.
import { FunctionCallingConfigMode } from '@google/genai'
import type { GoldenFrame } from './helpers/frame.ts'
import { png } from './helpers/fixtures.ts'
import { call, callsOf, each, model, result, resultsOf, systemOf, textOf, textsOf, tools,
  user } from './helpers/gemini.ts'
import { claude, codex, gpt } from './helpers/models.ts'

export function gemini01to15 ({ both, whole }: GoldenFrame): void {
  both(1, 'text with a system instruction', async (t, g) => {
    for (const id of each) {
      g.script({ text: 'hello' })
      const answer = await g.gemini({ model: id, contents: 'hi', config: { systemInstruction: 'Be short.' } })
      t.equal(textOf(answer), 'hello')
      t.equal(answer.finish, 'STOP')
      t.match(systemOf(g), /Be short\./)
      t.match(textsOf(g, 'user'), /hi/)
    }
  })

  whole(2, 'keys in both spellings, mixed', async (t, g) => {
    for (const id of each) {
      g.script({ text: 'ok' })
      const { status } = await g.post(`/models/${id}:generateContent`, {
        contents: [{ parts: [{ inline_data: { mime_type: 'image/png', data: png } }, { text: 'see' }] }],
        system_instruction: { parts: [{ text: 'Be short.' }] },
        generationConfig: { max_output_tokens: 99 },
      })
      t.equal(status, 200)
      t.match(systemOf(g), /Be short\./)
      t.match(JSON.stringify(g.sent()), /"max_(?:output_|completion_)?tokens":99/)
      t.match(JSON.stringify(g.sent()), /"(?:image|image_url|input_image)"/)
    }
  })

  both(3, 'two contents of the user are one turn for upstream', async (t, g) => {
    for (const id of each) {
      g.script({ text: 'ok' })
      await g.gemini({ model: id, contents: [user({ text: 'one' }), user({ text: 'two' })] })
      t.match(textsOf(g, 'user'), /one[^]*two/)
      if (id === claude) t.equal(g.sent().messages.length, 1)
    }
  })

  both(4, "a history as Google's chats keep it: one content for each chunk", async (t, g) => {
    for (const id of each) {
      g.script({ text: 'ok' })
      await g.gemini({ model: id,
        contents: [user({ text: 'hi' }), model({ text: 'He' }), model({ text: 'llo' }), model({ text: '' }),
          user({ text: 'and?' })] })
      t.match(textsOf(g, 'assistant'), /^He\|?llo$/)
    }
  })

  both(5, 'images as inlineData, also in base64url', async (t, g) => {
    const url = png.replaceAll('+', '-').replaceAll('/', '_')
    for (const id of each) {
      for (const data of [png, url]) {
        g.script({ text: 'ok' })
        await g.gemini({ model: id, contents: user({ inlineData: { mimeType: 'image/png', data } }, { text: 'see' }) })
        t.ok(JSON.stringify(g.sent()).includes(png), 'upstream takes base64 only')
      }
    }
  })

  both(6, 'a fileData address of the web; `gs://` is refused', async (t, g) => {
    for (const id of [gpt, codex]) {
      g.script({ text: 'ok' })
      const fileData = { mimeType: 'image/png', fileUri: 'https://a.example/x.png' }
      const made = g.gemini({ model: id, contents: user({ fileData }, { text: 'see' }) })
      await made.then(() => t.match(JSON.stringify(g.sent()), /a\.example/), error => {
        g.emulator.answers.clear()
        t.match(error, { status: 400, error: { message: /image|address|URL/i } })
      })
    }
    const gs = { fileData: { mimeType: 'image/png', fileUri: 'gs://bucket/x.png' } }
    const before = g.calls()
    for (const id of each) t.match(await g.failure(g.gemini({ model: id, contents: user(gs) })), { status: 400 })
    t.equal(g.calls(), before)
  })

  both(7, 'a call and its result, with ids', async (t, g) => {
    for (const id of each) {
      g.script({ text: 'ok' })
      await g.gemini({ model: id, config: { tools },
        contents: [user({ text: 'weather?' }), model(call('get_weather', { location: 'Rome' }, 'call_7')),
          user(result('get_weather', { output: 'sun' }, 'call_7'))] })
      t.same(callsOf(g), [['call_7', 'get_weather', { location: 'Rome' }]])
      t.match(resultsOf(g), [['call_7', /sun/]])
    }
  })

  both(8, 'two calls of one name without ids', async (t, g) => {
    for (const id of each) {
      g.script({ text: 'ok' })
      await g.gemini({ model: id, config: { tools },
        contents: [user({ text: 'weather?' }),
          model(call('get_weather', { location: 'Rome' }), call('get_weather', { location: 'Oslo' })),
          user(result('get_weather', { output: 'sun' }), result('get_weather', { output: 'snow' }))] })
      const [rome, oslo] = callsOf(g)
      t.match(resultsOf(g), [[rome?.[0], /sun/], [oslo?.[0], /snow/]])
      t.not(rome?.[0], oslo?.[0])
    }
  })

  both(9, 'results in the other order, with ids', async (t, g) => {
    for (const id of each) {
      g.script({ text: 'ok' })
      await g.gemini({ model: id, config: { tools },
        contents: [user({ text: 'weather?' }),
          model(call('get_weather', { location: 'Rome' }, 'a1'), call('read_file', { path: 'x' }, 'b2')),
          user(result('read_file', { output: 'text' }, 'b2'), result('get_weather', { output: 'sun' }, 'a1'))] })
      t.match(new Map(resultsOf(g)).get('a1'), /sun/)
      t.match(new Map(resultsOf(g)).get('b2'), /text/)
    }
  })

  both(10, 'an error as result reaches a Messages model as one', async (t, g) => {
    g.script({ text: 'ok' })
    await g.gemini({ model: claude, config: { tools },
      contents: [user({ text: 'weather?' }), model(call('get_weather', { location: 'X' }, 'a1')),
        user(result('get_weather', { error: 'no such town' }, 'a1'))] })
    t.match(g.sent().messages.at(-1).content, [{ type: 'tool_result', tool_use_id: 'a1', is_error: true }])
    t.match(resultsOf(g), [['a1', /no such town/]])
  })

  both(11, 'a result with an image: within it, or next to it', async (t, g) => {
    const inlineData = { mimeType: 'image/png', data: png }
    const inside = {
      functionResponse: { id: 'a1', name: 'read_file', response: { output: 'a map' }, parts: [{ inlineData }] },
    }
    for (const id of each) {
      for (const parts of [[inside], [result('read_file', { output: 'a map' }, 'a1'), { inlineData }]]) {
        g.script({ text: 'ok' })
        await g.gemini({ model: id, config: { tools },
          contents: [user({ text: 'read' }), model(call('read_file', { path: 'x' }, 'a1')), user(...parts)] })
        t.ok(JSON.stringify(g.sent()).includes(png), `${id}: the image arrives`)
        t.match(JSON.stringify(resultsOf(g)), /a map/)
      }
    }
  })

  both(12, 'a call without a result, and then text', async (t, g) => {
    for (const id of each) {
      g.script({ text: 'ok' })
      await g.gemini({ model: id, config: { tools },
        contents: [user({ text: 'weather?' }), model(call('get_weather', { location: 'Rome' }, 'a1')),
          user({ text: 'never mind' })] })
      t.equal(callsOf(g).length, resultsOf(g).length, 'upstream gets no call without a result')
      t.match(textsOf(g, 'user'), /never mind/)
    }
  })

  both(13, "OpenAPI's subset of JSON Schema", async (t, g) => {
    const parameters = { type: 'OBJECT',
      properties: { city: { type: 'STRING', nullable: true, minLength: '1' },
        size: { type: 'INTEGER', enum: ['1', '2'] } }, required: ['city'] }
    for (const id of each) {
      g.script({ text: 'ok' })
      await g.gemini({ model: id, contents: 'hi',
        config: { tools: [{ functionDeclarations: [{ name: 'f', parameters: parameters as never }] }] } })
      const [tool] = g.sent().tools
      const schema = tool.function?.parameters ?? tool.parameters ?? tool.input_schema
      t.match(schema, { type: 'object',
        properties: { city: { type: ['string', 'null'] }, size: { type: 'integer', enum: [1, 2] } } })
      t.notMatch(JSON.stringify(schema), /"nullable"|"minLength":"1"/)
    }
  })

  both(14, 'responseJsonSchema with types in capitals', async (t, g) => {
    const responseJsonSchema = { type: 'OBJECT', properties: { city: { type: 'STRING' } }, required: ['city'],
      additionalProperties: false }
    for (const id of each) {
      g.script({ text: '{"city":"Rome"}' })
      const answer = await g.gemini({ model: id, contents: 'where?',
        config: { responseMimeType: 'application/json', responseJsonSchema } })
      t.same(JSON.parse(textOf(answer)), { city: 'Rome' })
      t.notMatch(JSON.stringify(g.sent()), /"OBJECT"|"STRING"/)
    }
  })

  both(15, 'how tools may be called: ANY of two names, VALIDATED, NONE', async (t, g) => {
    const modes = FunctionCallingConfigMode
    const ask = async (id: string, mode: FunctionCallingConfigMode, allowedFunctionNames?: string[]) => {
      g.script({ text: 'ok' })
      const functionCallingConfig = { mode, ...allowedFunctionNames && { allowedFunctionNames } }
      await g.gemini({ model: id, contents: 'hi', config: { tools, toolConfig: { functionCallingConfig } } })
      return g.sent()
    }
    for (const id of each) {
      const any = await ask(id, modes.ANY, ['get_weather', 'read_file'])
      t.match(JSON.stringify(any.tool_choice), /required|any/)
      t.equal(any.tools.length, 2)
      const one = await ask(id, modes.ANY, ['read_file'])
      t.match(JSON.stringify([one.tool_choice, one.tools]), /read_file/)
      t.notMatch(JSON.stringify((await ask(id, modes.VALIDATED)).tool_choice ?? 'auto'), /required|any|none/)
      const none = await ask(id, modes.NONE)
      t.ok(none.tools === undefined || JSON.stringify(none.tool_choice).includes('none'))
    }
  })
}
