// Rules that a body for Copilot must keep, by the names that cases use.
import type { Json } from '../../fixtures/http.ts'
import type { Rules } from './assertions.ts'
import { blocksOf, callsOf, chosenName, resultIdsOf, toolsOf, turnsOf } from './requests.ts'
import { hasType, isSchema, schemasIn } from './schemas.ts'
import { valuesAt } from './paths.ts'

export interface Destination {
  readonly path: string
  readonly isClaude: boolean
}

export function upstreamRules ({ path, isClaude }: Destination): Rules {
  return {
    ...schemaRules,
    ...shapeRules,
    'tool names are legal' (body) {
      const legal = path === '/chat/completions' && !isClaude ? /^[\w.-]+$/ : /^[\w-]+$/
      const longest = path === '/v1/messages' ? 128 : 64
      return firstBad(namesOf(body), name => typeof name === 'string' && legal.test(name) && name.length <= longest)
    },
    'call ids are legal': body =>
      firstBad(idsOf(body), id =>
        typeof id === 'string' && id !== '' && (isClaude ? /^[\w-]+$/.test(id) : id.length <= 64)),
  }
}

const shapeRules: Rules = {
  'tool names are distinct': body => firstTwice(toolsOf(body).map(({ name }) => name)),
  'the choice and the history name tools that are there' (body) {
    const there = new Set(toolsOf(body).map(({ name }) => name))
    return firstBad([...callsOf(body).map(({ name }) => name), chosenName(body)].filter(name => name !== undefined),
      name => there.has(name))
  },
  'every call has its result' (body) {
    const calls = callsOf(body).map(({ id }) => id)
    const results = resultIdsOf(body)
    return firstTwice(calls) ?? firstTwice(results) ?? firstBad(calls, id => results.includes(id))
      ?? firstBad(results, id => calls.includes(id))
  },
  'no blank stop': body =>
    firstBad([body.stop ?? [], body.stop_sequences ?? []].flat(), stop =>
      typeof stop === 'string' && stop.trim() !== ''),
  'not both temperature and top_p': body =>
    body.temperature !== undefined && body.top_p !== undefined ? 'both are there' : null,
  'no sampling fields': body => ['temperature', 'top_p', 'top_k'].find(field => body[field] !== undefined) ?? null,
  "the last turn is not the assistant's" (body) {
    const last = turnsOf(body).at(-1)
    return last?.role === 'assistant' || ['function_call', 'custom_tool_call', 'reasoning'].includes(last?.type)
      ? JSON.stringify(last)
      : null
  },
  'no lone surrogates': body =>
    firstBad(valuesAt(body, '[**]').filter(value => typeof value === 'string'), (text: string) => text.isWellFormed()),
  'no empty thinking': body =>
    firstBad(turnsOf(body).flatMap(blocksOf), ({ type, thinking, data }: Json) =>
      !(type === 'thinking' && !thinking) && !(type === 'redacted_thinking' && !data)),
  'only Chat shapes' (body) {
    const blocks = turnsOf(body).flatMap(blocksOf)
    const foreign = blocks.find(({ type }) => !['text', 'refusal', 'image_url', 'input_audio', 'file'].includes(type))
    const tool = (body.tools ?? []).find(({ type, function: named, custom }: Json) =>
      !(type === 'function' && named !== undefined) && !(type === 'custom' && custom !== undefined)
    )
    const bad = foreign ?? tool
    return bad === undefined ? null : JSON.stringify(bad)
  },
}

const schemaRules: Rules = {
  'schemas are objects with properties': body =>
    firstBad(toolsOf(body).filter(({ takesArguments }) => takesArguments), ({ schema }: Json) =>
      schema?.type === 'object' && isSchema(schema.properties)),
  'arrays have items': body =>
    firstBad(toolSchemas(body), schema => !hasType(schema, 'array') || schema.items !== undefined),
  'no combination at the top': body =>
    firstBad(toolsOf(body).map(({ schema }) => schema ?? {}), (schema: Json) =>
      !['anyOf', 'oneOf', 'allOf'].some(key => schema[key] !== undefined)),
  'no union types': body => firstBad(toolSchemas(body), schema => !Array.isArray(schema.type)),
  'no tuples': body => firstBad(toolSchemas(body), schema => !Array.isArray(schema.items)),
  'required names exist': body =>
    firstBad(toolSchemas(body), ({ required = [], properties = {} }) =>
      required.every((name: string) => Object.hasOwn(properties, name))),
  'objects of the output schema are closed': body =>
    firstBad(outputSchemas(body), schema => !hasType(schema, 'object') || schema.additionalProperties === false)
      ?? noOutputSchema(body),
  'no limits in the output schema': body =>
    firstBad(outputSchemas(body), schema => !limits.some(key => schema[key] !== undefined)) ?? noOutputSchema(body),
}

const limits = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf', 'minLength', 'maxLength',
  'pattern', 'minItems', 'maxItems', 'uniqueItems', 'minProperties', 'maxProperties']

function namesOf (body: Json): unknown[] {
  return [...toolsOf(body).map(({ name }) => name), ...callsOf(body).map(({ name }) => name), chosenName(body)].filter(
    name => name !== undefined
  )
}

function idsOf (body: Json): unknown[] {
  return [...callsOf(body).map(({ id }) => id), ...resultIdsOf(body)]
}

function toolSchemas (body: Json): Json[] {
  return toolsOf(body).flatMap(({ schema }) => schemasIn(schema))
}

function outputSchemas (body: Json): Json[] {
  return schemasIn(body.output_config?.format?.schema)
}

function noOutputSchema (body: Json): string | null {
  return outputSchemas(body).length === 0 ? 'there is no output schema' : null
}

function firstBad<T> (values: readonly T[], isGood: (value: T) => boolean): string | null {
  const at = values.findIndex(value => !isGood(value))
  return at < 0 ? null : String(JSON.stringify(values[at])).slice(0, 200)
}

function firstTwice (values: readonly unknown[]): string | null {
  const twice = values.find((value, at) => values.indexOf(value) !== at)
  return twice === undefined ? null : `${JSON.stringify(twice)} occurs twice`
}
