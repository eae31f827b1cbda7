// Properties of any request and of any answer: only GatewayErrors are thrown, a stream adds up to the whole answer, and
// the state of reasoning survives the way to the client and back.
import fc from 'fast-check'
import t from 'tap'
import { packSignature, unpackSignature } from '../../../src/dialects/gemini/wire-signature.ts'
import type { Carrier } from '../../../src/dialects/contract/prompt.ts'
import type { FinishReason, Part } from '../../../src/dialects/contract/part.ts'
import { GatewayError } from '../../../src/errors.ts'
import { array, calls, decode, dialect, ends, head, options, partsOf, says, stream, thinking, thinks, usage,
  whole } from './kit.ts'

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
const piece = fc.oneof(fc.array(word, { maxLength: 4 }).map(words => (block: number) => says(block, ...words)),
  fc.tuple(word, fc.boolean()).map(([text, isKept]) => (block: number) => thinks(block, text, isKept ? text : null)),
  fc.dictionary(word, fc.jsonValue()).map(args => (block: number) => calls(block, 'f', JSON.stringify(args))))
const answers = fc.tuple(fc.array(piece, { maxLength: 6 }),
  fc.constantFrom<FinishReason>('stop', 'length', 'filter', 'tool', 'pause')).map((
    [pieces, reason],
  ): Part[] => [head, ...pieces.flatMap((make, block) => make(block)), usage, ends(reason)])
const flat = (parts: ReturnType<typeof partsOf>) => ({
  text: parts.filter(part => part.thought !== true).map(part => part.text ?? '').join(''),
  thoughts: parts.filter(part => part.thought === true).map(part => part.text),
  calls: parts.flatMap(part => part.functionCall ?? []),
  states: parts.flatMap(part => unpackSignature(part.thoughtSignature ?? '')),
})

t.test('a stream, in either form, adds up to the whole answer', async t => {
  fc.assert(fc.property(answers, parts => {
    const streamed = stream(parts, options(thinking))
    const once = whole(parts, options(thinking))
    // As JSON: `strictSame` finds some equal objects with odd keys different.
    t.equal(JSON.stringify(flat(partsOf(streamed))), JSON.stringify(flat(partsOf([once]))))
    t.equal(JSON.stringify(array(parts, options(thinking))), JSON.stringify(streamed))
    t.equal(streamed.at(-1)?.candidates?.[0]?.finishReason, once.candidates?.[0]?.finishReason)
  }))
})

t.test('what a client sends back restores the state of reasoning', async t => {
  fc.assert(fc.property(answers, parts => {
    const contents = stream(parts, options(thinking)).map(event => event.candidates?.[0]?.content)
    const turns = decode({ contents: [{ parts: [{ text: 'hi' }] }, ...contents] }).turns
    const states = turns.flatMap(({ blocks }) =>
      blocks.flatMap(block => block.type === 'reasoning' && block.carrier !== null ? [block.carrier] : [])
    )
    t.equal(JSON.stringify(states), JSON.stringify(flat(partsOf(stream(parts, options(thinking)))).states))
  }))
})

t.test('a signature is base64, and any number of carriers survives it', async t => {
  const carriers = fc.array(
    fc.record({ kind: fc.constantFrom<Carrier['kind']>('m', 'd', 'r', 'c'), item: fc.dictionary(word, word),
      model: fc.option(word) }),
    { minLength: 1, maxLength: 3 },
  )
  fc.assert(fc.property(carriers, given => {
    const signature = packSignature(given)
    t.match(signature, /^[A-Za-z0-9+/]+=*$/)
    t.strictSame(JSON.stringify(unpackSignature(signature)), JSON.stringify(given))
  }))
})

t.test('no request causes anything but a GatewayError', async t => {
  const names = fc.constantFrom('contents', 'parts', 'role', 'text', 'thought', 'thoughtSignature', 'functionCall',
    'functionResponse', 'response', 'name', 'args', 'inlineData', 'fileData', 'fileUri', 'mimeType', 'data', 'tools',
    'functionDeclarations', 'parameters', 'type', 'properties', 'enum', 'format', 'nullable', 'anyOf',
    'propertyOrdering', 'generationConfig', 'thinkingConfig', 'thinkingBudget', 'stopSequences', 'responseSchema',
    'toolConfig', 'functionCallingConfig', 'allowedFunctionNames', 'systemInstruction', 'system_instruction', 'mode')
  const { value } = fc.letrec(tie => ({
    value: fc.oneof({ maxDepth: 6, withCrossShrink: true }, fc.jsonValue({ maxDepth: 1 }),
      fc.constantFrom<unknown>('model', 'user', 'OBJECT', 'ANY', 'image/png', 'gs://x', 'https://a.example', {
        toString: 1,
      }), fc.array(tie('value'), { maxLength: 3 }), fc.dictionary(names, tie('value'), { maxKeys: 5 })),
  }))
  fc.assert(fc.property(fc.dictionary(names, value, { maxKeys: 6 }), body => {
    for (const read of [() => dialect.inspect({ model: 'm', ...body }), () => decode(body)]) {
      try {
        read()
      } catch (thrown) {
        if (!(thrown instanceof GatewayError)) throw thrown
      }
    }
  }), { numRuns: 1_000 })
  t.pass('none did')
})
