// Building blocks of valid requests in all dialects: texts, images, tools with odd schemas, and rounds of a
// conversation.
import fc from 'fast-check'
import type { JsonObject } from '../../../src/json.ts'

export type Arb<T = JsonObject> = fc.Arbitrary<T>

/** An object with any of these fields. */
export function sparse (fields: Readonly<Record<string, Arb<unknown>>>): Arb {
  return fc.record(fields, { requiredKeys: [] })
}

/** Contains more than white space, as Anthropic requires of every text. */
export const text: Arb<string> = fc.oneof({ weight: 6,
  arbitrary: fc.constantFrom('hi', 'What is in it?', 'Grüße 🙂', 'a\nb', '<system-reminder>x</system-reminder>',
    'call f', 'cut here: \ud83d', '\ude42 cut before', ' leading', 'trailing \n') }, { weight: 1,
  arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 }).map(each => `${each}.`) })

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='
const gif = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
export interface Picture {
  readonly mime: string
  readonly data: string
}
export const picture: Arb<Picture> = fc.constantFrom({ mime: 'image/png', data: pixel }, { mime: 'image/gif',
  data: gif })

// --- tools ---

const leaf: Arb = fc.oneof(
  fc.constantFrom<JsonObject>({ type: 'string' }, { type: 'number', minimum: 0, maximum: 9 }, { type: 'integer',
    enum: [1, 2] }, { type: 'boolean', default: true }, { type: ['string', 'null'] }, {
    type: ['string', 'integer', 'null'],
  }, { enum: ['a', 'b', null] }, { const: 'x' }, {}, { type: 'null' }, { type: 'array' }, { type: 'object' }, {
    type: 'string',
    format: 'date-time',
    pattern: '^\\d+$',
    minLength: 1,
    maxLength: 30,
  }, { $ref: '#/$defs/node' }, { type: 'string', description: 'x'.repeat(1_100) }, { type: 'object',
    additionalProperties: { type: 'string' } }, { type: 'object', patternProperties: { '^a': { type: 'string' } } }),
)
export const schema: Arb = fc.letrec<{ node: JsonObject }>(tie => ({
  node: fc.oneof({ maxDepth: 3, depthSize: 'small' }, leaf,
    fc.record({ type: fc.constantFrom<unknown>('array', ['array', 'null']), items: tie('node') }) as Arb,
    fc.record({ type: fc.constant('array'), items: fc.array(tie('node'), { minLength: 1, maxLength: 2 }) }) as Arb,
    fc.record({ type: fc.constant('array'),
      prefixItems: fc.array(tie('node'), { minLength: 1, maxLength: 2 }) }) as Arb,
    fc.array(tie('node'), { minLength: 1, maxLength: 3 }).chain(of =>
      fc.constantFrom('anyOf', 'oneOf', 'allOf').map(key => ({ [key]: of }))
    ), fc.record({ not: tie('node') }) as Arb,
    fc.tuple(
      fc.dictionary(fc.constantFrom('a', 'b', 'type', 'items', 'enum', 'properties'), tie('node'), { maxKeys: 3 }),
      fc.subarray(['a', 'b', 'ghost']),
    ).map(([properties, required]) => ({ type: 'object', properties, required }))),
})).node

/** A tool's schema: an object at the root, in the forms that clients write. */
export const rootSchema: Arb = fc.oneof(
  fc.constantFrom<JsonObject>({ type: 'object', properties: {} }, { type: 'object' }, {}, { type: 'object',
    properties: {}, additionalProperties: false, $schema: 'http://json-schema.org/draft-07/schema#' }),
  fc.tuple(fc.dictionary(fc.constantFrom('a', 'b', 'c', 'default', 'required'), schema, { maxKeys: 4 }),
    fc.subarray(['a', 'ghost']), fc.boolean()).map(([properties, required, isRecursive]) => ({
      type: 'object',
      properties,
      required,
      $defs: {
        node: isRecursive
          ? { type: 'object', properties: { next: { $ref: '#/$defs/node' } } }
          : { type: ['object', 'null'] },
      },
    })),
  fc.tuple(fc.constantFrom('anyOf', 'oneOf', 'allOf'),
    fc.array(
      fc.constantFrom<JsonObject>({ type: 'object', properties: { a: { type: 'string' } } }, { type: 'object',
        required: ['b'] }, { required: ['a'] }),
      { minLength: 1, maxLength: 2 },
    )).map(([key, of]) => ({ type: 'object', properties: { a: { type: 'string' } }, [key]: of })),
)

export interface ToolSketch {
  readonly name: string
  readonly description: string | undefined
  readonly schema: JsonObject
}
/** Includes names that the vendors refuse but MCP servers have. */
const toolName = fc.constantFrom('f', 'get_weather', 'tool_search', 'mcp__caldav__list-events', 'calendar.update',
  'a b', 'größe', 'x'.repeat(64), 'y'.repeat(100), 'cut\ud83d', 'Bash')
export const tools: Arb<readonly ToolSketch[]> = fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, {
  weight: 5,
  arbitrary: fc.uniqueArray(
    fc.record({ name: toolName, description: fc.constantFrom('does it', '', undefined), schema: rootSchema }),
    { selector: each => each.name, minLength: 1, maxLength: 4 },
  ),
})

// --- a conversation ---

export interface CallSketch {
  readonly id: string
  readonly name: string
  readonly input: JsonObject
  readonly result: readonly Piece[]
  readonly isError: boolean
}
export type Piece = { readonly text: string } | { readonly picture: Picture }
export interface Round {
  readonly system: string | null
  readonly user: readonly Piece[]
  /** The assistant's reply; usually none in the last round. */
  readonly reply: string | null
  readonly calls: readonly CallSketch[]
}

const callId = fc.oneof(
  fc.constantFrom('call_1', 'toolu_01A', 'functions.f:0', 'a:1', 'a.1', 'call|2', 'c\ud83d', 'x'.repeat(46),
    'z'.repeat(70)),
  fc.string({ minLength: 1, maxLength: 12 }),
)
/** No image by URL: Copilot fetches none. */
const piece: Arb<Piece> = fc.oneof({ weight: 6, arbitrary: fc.record({ text }) }, { weight: 1,
  arbitrary: fc.record({ picture }) })
const pieces = fc.array(piece, { minLength: 1, maxLength: 3 })
const input: Arb = fc.constantFrom<JsonObject>({}, { a: 1 }, { a: { b: ['🙂', null] } }, { cut: '\ud83d' })

/** Call ids are unique in the whole conversation; every call has its result. */
export function rounds (names: readonly string[]): Arb<readonly Round[]> {
  const name = fc.constantFrom(...names.length === 0 ? ['f', 'gone.tool'] : names)
  const call = fc.record({ id: callId, name, input, result: fc.oneof(fc.constant([]), pieces), isError: fc.boolean() })
  const round = fc.record({ system: fc.option(text, { freq: 5 }), user: pieces, reply: fc.option(text),
    calls: fc.oneof({ weight: 2, arbitrary: fc.constant([]) }, { weight: 1,
      arbitrary: fc.array(call, { maxLength: 3 }) }) })
  return fc.array(round, { minLength: 1, maxLength: 4 }).map(given => {
    const seen = new Set<string>()
    return given.map((each): Round => ({ ...each,
      calls: (each.calls as readonly CallSketch[]).filter(({ id }) => !seen.has(id) && seen.add(id)) })
    )
  })
}

export const stops: Arb<readonly string[]> = fc.uniqueArray(fc.constantFrom('END', '\n', ' ', '\n\nHuman:', '</x>'), {
  minLength: 1,
  maxLength: 4,
})
export const outputSchema: Arb = fc.constantFrom<JsonObject>({ type: 'object', properties: { a: { type: 'string' } },
  required: ['a'], additionalProperties: false }, { type: 'object',
  properties: { n: { type: 'integer', minimum: 1, maximum: 5 },
    l: { type: 'array', items: { type: 'object', properties: {} }, maxItems: 3 } } })
export const effort = fc.constantFrom('none', 'minimal', 'low', 'medium', 'high', 'xhigh')
