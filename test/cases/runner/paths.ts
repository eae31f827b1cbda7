// Paths into JSON: `a.b.0.-1`, `[*]` for each, `[**]` for everything below, `[?key=value]` for a filter, `length`, `$`.
import type { Json } from '../../fixtures/http.ts'

type Step = (value: Json) => Json[]

/** Every value at the path, in document order, without missing ones. */
export function valuesAt (root: Json, path: string): Json[] {
  return stepsOf(path).reduce<Json[]>((values, step) => values.flatMap(step), [root]).filter(value =>
    value !== undefined
  )
}

function stepsOf (path: string): Step[] {
  const tokens = path.match(/\[[^\]]*\]|[^.[\]]+/g) ?? []
  return tokens.filter((token, at) => !(at === 0 && token === '$')).map(token => {
    if (token === '[*]') return childrenOf
    if (token === '[**]') return descendantsOf
    if (token.startsWith('[?')) return filterBy(token.slice(2, -1))
    return member(token)
  })
}

function member (name: string): Step {
  return value => {
    if (value === null || value === undefined) return []
    if (name === 'length') return [value.length]
    if (Array.isArray(value) && /^-?\d+$/.test(name)) return [value.at(Number(name))]
    return typeof value === 'object' && Object.hasOwn(value, name) ? [value[name]] : []
  }
}

function filterBy (condition: string): Step {
  const [key = '', ...rest] = condition.split('=')
  const wanted = rest.join('=')
  return value => childrenOf(value).filter(child => valuesAt(child, key).some(found => String(found) === wanted))
}

function childrenOf (value: Json): Json[] {
  return typeof value === 'object' && value !== null ? Object.values(value) : []
}

function descendantsOf (value: Json): Json[] {
  const found: Json[] = []
  const walk = (each: Json): void => {
    found.push(each)
    for (const child of childrenOf(each)) walk(child)
  }
  walk(value)
  return found
}
