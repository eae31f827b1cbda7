// H1: no request in Google's API costs more than its length, in whatever dialect it is sent on.
import t from 'tap'
import { packSignature } from '../../src/dialects/gemini/wire-signature.ts'
import { googleGemini } from '../../src/dialects/gemini/index.ts'
import { assertLinear } from './measure.ts'
import { names, translatedWork } from './requests.ts'

const times = (n: number, make: (nth: number) => string): string =>
  Array.from({ length: n }, (_, nth) => make(nth)).join(',')
const contents = (all: string, more = ''): string => `{"contents":[${all}]${more}}`
const content = (role: string, parts: string): string => `{"role":"${role}","parts":[${parts}]}`
const hi = content('user', '{"text":"hi"}')
const call = (id: string) => `{"functionCall":{${id}"name":"f","args":{}}}`
const result = (id: string) => `{"functionResponse":{${id}"name":"f","response":{"output":"r"}}}`
const named = (nth: number) => `"id":"c${nth}",`
const signature = packSignature([{ kind: 'r', model: 'gpt-5.1',
  item: { type: 'reasoning', summary: [], encrypted_content: 'x'.repeat(40) } }])

const shapes: Readonly<Record<string, (n: number) => string>> = {
  'many contents': n => contents(times(n, nth => content(nth % 2 === 0 ? 'user' : 'model', '{"text":"x"}'))),
  'one content for each chunk of an answer': n =>
    contents(`${hi},${times(n, () => content('model', '{"text":"x","thought":true},{"text":"y"}'))}`),
  'calls without ids': n =>
    contents(`${hi},${content('model', times(n, () => call('')))},${content('user', times(n, () => result('')))}`),
  'calls whose results come in the other order': n =>
    contents(
      `${hi},${content('model', times(n, nth => call(named(nth))))},${
        content('user', times(n, nth => result(named(n - 1 - nth))))
      }`,
    ),
  'signatures': n =>
    contents(`${hi},${content('model', times(n, () => `{"text":"x","thoughtSignature":"${signature}"}`))}`),
  'functions': n =>
    contents(hi, `,"tools":[{"functionDeclarations":[${
      times(n, nth => `{"name":"f${nth}","parameters":{"type":"OBJECT","properties":{"a":{"type":"STRING"}}}}`)
    }]}]`),
  'a wide schema with an order': n =>
    contents(hi,
      `,"generationConfig":{"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{${
        times(n, nth => `"p${nth}":{"type":"STRING","nullable":true}`)
      }},"propertyOrdering":[${times(n, nth => `"p${n - 1 - nth}"`)}]}}`),
  'fields of no known name': n => contents(hi, `,${times(n, nth => `"field${nth}":1`)}`),
}

t.setTimeout(600_000)
for (const [name, body] of Object.entries(shapes)) {
  for (const upstream of names) {
    void t.test(`${name}: google-gemini to ${upstream}`, async t => {
      assertLinear(t, { name: 'request', n: 2_400, prepare: n => translatedWork(googleGemini, body, upstream, n) })
    })
  }
}
