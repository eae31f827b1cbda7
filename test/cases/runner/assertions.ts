// Assertions on a body, an answer, headers or an error: a case writes them as `{path, operator}`, `{rule}` or
// `{anyOf}`.
import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../../fixtures/http.ts'
import type { Assertion } from './case.ts'
import { valuesAt } from './paths.ts'

/** Returns why the rule does not hold, or null. */
export type Rules = Readonly<Record<string, (value: Json) => string | null>>

/** Returns a sentence for each assertion that does not hold. */
export function broken (assertions: readonly Assertion[] = [], value: Json, rules: Rules): string[] {
  return assertions.flatMap(assertion => {
    const reason = reasonOf(assertion, value, rules)
    return reason === null ? [] : [reason]
  })
}

function reasonOf (assertion: Assertion, value: Json, rules: Rules): string | null {
  if (assertion.rule !== undefined) {
    const rule = rules[assertion.rule]
    if (rule === undefined) throw new Error(`there is no rule "${assertion.rule}"`)
    const reason = rule(value)
    return reason === null ? null : `${assertion.rule}: ${reason}`
  }
  if (assertion.anyOf !== undefined) {
    const reasons = assertion.anyOf.map(one => broken(Array.isArray(one) ? one : [one as Assertion], value, rules))
    return reasons.some(list => list.length === 0) ? null : `none of these holds: ${reasons.flat().join('; or ')}`
  }
  return ofPath(assertion, value)
}

function ofPath (assertion: Assertion, root: Json): string | null {
  const { path = '$', as, join, message, ...operators } = assertion
  let values = valuesAt(root, path)
  if (as === 'json') values = values.map(value => typeof value === 'string' ? parsed(value) : value)
  if (join === true) values = [values.join('')]
  const names = Object.keys(operators)
  if (names.length === 0) throw new Error(`the assertion on ${path} has no operator`)
  for (const name of names) {
    const holds = operatorsByName[name]
    if (holds === undefined) throw new Error(`there is no operator "${name}"`)
    if (!holds(values, operators[name])) {
      return message ?? `${path} ${name} ${JSON.stringify(operators[name])}, but found ${shown(values)}`
    }
  }
  return null
}

/**
 * `values`: the values at the path. An operator that needs a value fails without one; one that forbids values holds.
 */
const operatorsByName: Readonly<Record<string, (values: Json[], wanted: Json) => boolean>> = {
  equals: (values, wanted) => values.length > 0 && values.every(value => isDeepStrictEqual(value, wanted)),
  notEquals: (values, wanted) => !values.some(value => isDeepStrictEqual(value, wanted)),
  oneOf: (values, wanted: Json[]) =>
    values.length > 0 && values.every(value => wanted.some(one => isDeepStrictEqual(value, one))),
  contains: (values, wanted) => values.some(value => contains(value, wanted)),
  notContains: (values, wanted) => !values.some(value => contains(value, wanted)),
  absent: (values, wanted: boolean) => (values.length === 0) === wanted,
  count: (values, wanted: number) => values.length === wanted,
  min: (values, wanted: number) =>
    values.length > 0 && values.every(value => typeof value === 'number' && value >= wanted),
  max: (values, wanted: number) =>
    values.length > 0 && values.every(value => typeof value === 'number' && value <= wanted),
  matches: (values, wanted: string) =>
    values.some(value => new RegExp(wanted).test(typeof value === 'string' ? value : JSON.stringify(value))),
}

/** Looks for a text in every string and key below `value`, and for an object as a part of any object there. */
function contains (value: Json, wanted: Json): boolean {
  if (typeof wanted === 'string') {
    return valuesAt(value, '[**]').some(found =>
      typeof found === 'string'
        ? found.includes(wanted)
        : isObject(found) && Object.keys(found).some(key => key.includes(wanted))
    )
  }
  return valuesAt(value, '[**]').some(found => includes(found, wanted))
}

function includes (value: Json, part: Json): boolean {
  if (!isObject(part) || !isObject(value)) return isDeepStrictEqual(value, part)
  return Object.entries(part).every(([key, wanted]) => Object.hasOwn(value, key) && includes(value[key], wanted))
}

function isObject (value: Json): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parsed (text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return { notJson: text }
  }
}

function shown (values: Json[]): string {
  const text = JSON.stringify(values)
  return text.length > 400 ? `${text.slice(0, 400)}…` : text
}
