// Describes a response that many operations have in common once, in `components.responses`: half of the document would
// otherwise repeat the same refusals.
import { isObject } from '../json.ts'
import { ref, type Json } from './shape.ts'

/** From this number of operations on. */
const many = 2

type Paths = Readonly<Record<string, Readonly<Record<string, Json>>>>

/** The paths with references, and the responses that they refer to. */
export function shareResponses (paths: Paths): { readonly paths: Paths, readonly shared: Json } {
  const counts = new Map<string, number>()
  for (const response of Object.values(paths).flatMap(responsesOf)) {
    const key = JSON.stringify(response)
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  const names = new Map([...counts].filter(([, count]) => count >= many).map(([key], at) => [key, `R${at + 1}`]))
  const share = (entry: readonly [string, unknown]): readonly [string, unknown] => {
    const name = names.get(JSON.stringify(entry))
    return name === undefined ? entry : [entry[0], ref('responses', name)]
  }
  return {
    paths: mapValues(paths,
      item =>
        mapValues(item,
          operation => ({ ...operation, responses: Object.fromEntries(entriesOf(operation).map(share)) }))),
    shared: Object.fromEntries([...names].map(([key, name]) => [name, (JSON.parse(key) as [string, Json])[1]])),
  }
}

function responsesOf (item: Readonly<Record<string, Json>>): readonly (readonly [string, unknown])[] {
  return Object.values(item).flatMap(entriesOf)
}

function entriesOf ({ responses }: Json): readonly (readonly [string, unknown])[] {
  return isObject(responses) ? Object.entries(responses) : []
}

function mapValues<T, U> (object: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, map(value)]))
}
