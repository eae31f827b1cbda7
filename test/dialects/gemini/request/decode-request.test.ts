// Settings, tools and schemas of a request, in either spelling.
import t from 'tap'
import { toJsonSchema } from '../../../../src/dialects/gemini/request/decode-schema.ts'
import type { JsonObject } from '../../../../src/json.ts'
import { decode, dialect, newLedger } from '../kit.ts'

const contents = [{ parts: [{ text: 'hi' }] }]
const configured = (generationConfig: JsonObject) => decode({ contents, generationConfig })
const refused = (body: JsonObject) => {
  try {
    decode({ contents, ...body })
    return null
  } catch (thrown) {
    return (thrown as { param?: string }).param
  }
}
const tools = [{
  functionDeclarations: [{ name: 'f' }, { name: 'g',
    parameters: { type: 'OBJECT', properties: { Has_Case: { type: 'STRING' } } } }],
}]

t.test('settings have both spellings, and 64-bit numbers may be texts', async t => {
  t.match(
    decode({ contents, generation_config: { max_output_tokens: '9', top_p: 0.5, topK: 3, stop_sequences: ['x'] },
      system_instruction: { parts: { text: 'Be short.' } } }),
    { maxTokens: 9, topP: 0.5, topK: 3, stop: ['x'], system: [{ text: 'Be short.' }] },
  )
  t.throws(() => configured({ temperature: 'warm' }), { param: 'generationConfig.temperature' } as never)
})

t.test('thinking', async t => {
  const thinking = (thinkingConfig: JsonObject) => configured({ thinkingConfig })
  t.match(thinking({ thinkingBudget: 0, includeThoughts: true }), { thinking: 'off', showReasoning: false })
  t.match(thinking({ thinkingBudget: -1 }), { thinking: 'adaptive', thinkingBudget: null, effort: null })
  t.match(thinking({ thinkingBudget: 8_192 }), { thinking: 'on', thinkingBudget: 8_192, effort: 'medium' })
  t.match(thinking({ thinkingLevel: 'LOW', thinkingBudget: 9_000 }), { thinking: 'adaptive', thinkingBudget: null,
    effort: 'low' })
  t.match(thinking({ includeThoughts: true }), { thinking: 'adaptive', showReasoning: true })
  t.match(configured({}), { thinking: null, effort: null, showReasoning: false })
})

t.test('what no upstream has is refused by its name; hints are left out', async t => {
  t.equal(refused({ generationConfig: { candidateCount: 2 } }), 'generationConfig.candidateCount')
  t.equal(refused({ generationConfig: { responseModalities: ['IMAGE'] } }), 'generationConfig.responseModalities')
  t.equal(refused({ generationConfig: { responseMimeType: 'text/x.enum' } }), 'generationConfig.responseMimeType')
  t.equal(refused({ generationConfig: { responseSchema: {}, responseJsonSchema: {} } }), 'generationConfig')
  t.equal(refused({ cachedContent: 'cachedContents/1' }), 'cachedContent')
  t.equal(refused({ tools: [{ google_search: {} }] }), null)
  t.equal(refused({ tools: [{ url_context: {} }] }), 'tools')
  t.equal(refused({ generationConfig: { candidateCount: 1, responseModalities: ['TEXT'] } }), null)
  const ledger = newLedger()
  decode({ contents, generationConfig: { seed: 1, presencePenalty: 1 }, tools: [{ googleMaps: {} }, ...tools],
    safetySettings: [], labels: {}, unheard_of: 1 }, ledger)
  t.strictSame(ledger.lost(), ['unheardOf', 'tools.googleMaps', 'generationConfig.seed',
    'generationConfig.presencePenalty'])
})

t.test("Google's search in each of its forms", async t => {
  const search = (...groups: object[]) => decode({ contents, tools: groups }).webTools
  for (const tool of [{ googleSearch: {} }, { google_search: {} }, { googleSearchRetrieval: {} }]) {
    t.match(search(tool), { search: { maxUses: null, blockedDomains: [] }, fetches: false, forced: null })
  }
  t.match(search({ googleSearch: { excludeDomains: ['a.example'] } }), { search: { blockedDomains: ['a.example'] } })
  t.equal(search({ googleSearch: null }), null)
  t.equal(search(...tools), null)
  t.equal(dialect.inspect({ model: 'm', contents, tools: [{ googleSearch: {} }] }).webTools, 'search')
  t.notOk('webTools' in dialect.inspect({ model: 'm', contents, tools }))
})

t.test('tools and how they may be called', async t => {
  const choice = (functionCallingConfig: JsonObject) =>
    decode({ contents, tools, toolConfig: { functionCallingConfig } }).toolChoice
  t.match(decode({ contents, tools }).tools, [{ name: 'f', schema: { type: 'object' } }, { name: 'g',
    schema: { properties: { Has_Case: { type: 'string' } } } }])
  t.equal(choice({ mode: 'AUTO' }), null)
  t.strictSame(choice({ mode: 'ANY' }), { type: 'required' })
  t.strictSame(choice({ mode: 'ANY', allowedFunctionNames: ['g'] }), { type: 'tool',
    tool: { name: 'g', namespace: null } })
  t.match(choice({ mode: 'ANY', allowed_function_names: ['f', 'g'] }), { type: 'allowed', mode: 'required' })
  t.match(choice({ mode: 'VALIDATED', allowedFunctionNames: ['f'] }), { type: 'allowed', mode: 'auto' })
  t.strictSame(choice({ mode: 'NONE' }), { type: 'none' })
  t.throws(() => choice({ mode: 'ANY', allowedFunctionNames: ['h'] }), /declared functions/)
})

t.test("OpenAPI's subset becomes JSON Schema, and names of properties stay", async t => {
  t.strictSame(toJsonSchema({ type: 'OBJECT', propertyOrdering: ['b', 'a'], nullable: true, properties: {
    a: { type: 'INTEGER', format: 'int32', enum: ['1', '2'], minimum: '1' },
    b: { type: 'STRING', min_length: '3', nullable: true, enum: ['x'], example: 'x', format: 'date-time' },
    type: { any_of: [{ type: 'NUMBER' }, { ref: '#/defs/T' }] },
  }, defs: { T: { type: 'TYPE_UNSPECIFIED', items: { type: 'BOOLEAN' } } } }), {
    type: ['object', 'null'],
    properties: {
      b: { type: ['string', 'null'], minLength: 3, enum: ['x', null], examples: ['x'], format: 'date-time' },
      a: { type: 'integer', enum: [1, 2], minimum: 1 },
      type: { anyOf: [{ type: 'number' }, { $ref: '#/$defs/T' }] },
    },
    $defs: { T: { items: { type: 'boolean' } } },
  })
})

t.test('a value of a numeric enum that is no number stays a text', async t => {
  t.strictSame(toJsonSchema({ type: 'INTEGER', enum: ['a', '', 'Infinity', '7', 8] }), { type: 'integer',
    enum: ['a', '', 'Infinity', 7, 8] })
})

t.test('facts for the planner', async t => {
  const inspect = (...given: object[]) => dialect.inspect({ model: 'm', contents: given })
  t.match(inspect({ parts: [{ text: 'a' }] }), { initiator: 'user', vision: false, hasFile: false, hasTools: false })
  t.match(inspect({ parts: [{ functionResponse: { name: 'f', parts: [{ inlineData: { mimeType: 'image/png' } }] } }] }),
    { initiator: 'agent', vision: true })
  t.match(inspect({ parts: [{ functionResponse: { name: 'f' } }, { inlineData: { mimeType: 'application/pdf' } }] }), {
    initiator: 'agent',
    hasFile: true,
  })
  t.match(inspect({ parts: [{ inlineData: { mimeType: 'image/png' } }] }), { initiator: 'user', vision: true })
  t.throws(() => inspect(), /contents/)
  t.throws(() => dialect.inspect({ model: 'a b\n', contents }), /model/)
})
