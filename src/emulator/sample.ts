// Makes a value that fits a JSON schema, with quotes of the prompt in its strings. It knows the keywords that tools and
// structured answers use. An unknown keyword only makes the value less exact.
import { fields, isFields, list, text } from './json.ts'
import type { Fields } from './json.ts'

/** @param prompt the source of strings: quoted passages come first, one for each string */
export function sample (schema: unknown, prompt: string): unknown {
  const quotes = quotedIn(prompt)
  const root = fields(schema)

  const value = (given: unknown, name: string, depth: number): unknown => {
    const node = resolve(root, given)
    const option = list(node.anyOf ?? node.oneOf)[0]
    if (node.const !== undefined) return node.const
    if (list(node.enum).length > 0) {
      return list(node.enum).find(option => mentioned(prompt, option)) ?? list(node.enum)[0]
    }
    if (option !== undefined) return value(option, name, depth)
    if (node.allOf !== undefined) {
      return Object.assign({}, ...list(node.allOf).map(part => fields(value(part, name, depth)))) as Fields
    }
    switch (typeOf(node)) {
      case 'object':
        return object(node, depth)
      case 'array':
        return array(node, name, depth)
      case 'string':
        return word(node, name)
      case 'integer':
        return Math.ceil(numberOf(node))
      case 'number':
        return numberOf(node)
      case 'boolean':
        return true
      default:
        return null
    }
  }
  // Leaves out optional properties; otherwise a schema that refers to itself would never end.
  const object = (node: Fields, depth: number): Fields => {
    const properties = fields(node.properties)
    const wanted = node.required === undefined ? Object.keys(properties).slice(0, 1) : list(node.required).map(text)
    return depth > 8
      ? {}
      : Object.fromEntries(wanted.map(name => [name, value(properties[name] ?? { type: 'string' }, name, depth + 1)]))
  }
  const array = (node: Fields, name: string, depth: number): unknown[] => {
    const length = Math.max(typeof node.minItems === 'number' ? node.minItems : 1, 0)
    return depth > 8 ? [] : Array.from({ length }, () => value(node.items ?? { type: 'string' }, name, depth + 1))
  }
  const word = (node: Fields, name: string): string => {
    if (typeof node.default === 'string') return node.default
    const made = take(quotes, name) ?? formats[text(node.format)] ?? guess(name, prompt)
    return made.slice(0, typeof node.maxLength === 'number' ? node.maxLength : undefined).padEnd(
      typeof node.minLength === 'number' ? node.minLength : 0,
      '.',
    )
  }
  return value(schema, '', 0)
}

/**
 * The next quote that suits a property of this name: a path gets a text that looks like a path, a place gets any other.
 */
function take (quotes: string[], name: string): string | undefined {
  const isPath = (quote: string): boolean => /[./\\]/.test(quote)
  const index = /path|file/i.test(name)
    ? quotes.findIndex(isPath)
    : quotes.findIndex(quote => !(isPlace.test(name) && isPath(quote)))
  return index < 0 ? undefined : quotes.splice(index, 1)[0]
}

const isPlace = /location|city|place/i

/** Passages in quotes or backticks. */
export function quotedIn (prompt: string): string[] {
  return Array.from(prompt.matchAll(/"([^"\n]+)"|`([^`\n]+)`|“([^”\n]+)”|(?<!\w)'([^'\n]+)'(?!\w)/g),
    match => match[1] ?? match[2] ?? match[3] ?? match[4] ?? '')
}

function mentioned (prompt: string, option: unknown): boolean {
  return typeof option === 'string' && option.length > 2 && prompt.toLowerCase().includes(option.toLowerCase())
}

function resolve (root: Fields, given: unknown): Fields {
  const node = fields(given)
  const path = text(node.$ref)
  if (!path.startsWith('#')) return node
  return path.slice(1).split('/').filter(key => key !== '').reduce((inner, key) => fields(inner[key]), root)
}

function typeOf (node: Fields): string {
  const named = list(node.type).find(type => type !== 'null') ?? node.type
  if (typeof named === 'string') return named
  return isFields(node.properties) || Object.keys(node).length === 0 ? 'object' : 'string'
}

function numberOf (node: Fields): number {
  const minimum = typeof node.minimum === 'number'
    ? node.minimum
    : typeof node.exclusiveMinimum === 'number'
    ? node.exclusiveMinimum + 1
    : 1
  return typeof node.maximum === 'number' ? Math.min(Math.max(1, minimum), node.maximum) : Math.max(1, minimum)
}

const formats: Record<string, string> = { date: '2026-01-01', 'date-time': '2026-01-01T00:00:00Z', time: '12:00:00Z',
  email: 'octocat@example.com', uri: 'https://example.com/', url: 'https://example.com/',
  uuid: '00000000-0000-4000-8000-000000000000' }

/** Without quotes: a path or a place in the text, or a usual value for a property of that name. */
function guess (name: string, prompt: string): string {
  if (/path|file/i.test(name)) return /[\w./-]+\.[a-z]{1,5}\b/i.exec(prompt)?.[0] ?? 'README.md'
  if (isPlace.test(name)) return /\b(?:in|for|at) ([A-Z][\w-]+)/.exec(prompt)?.[1] ?? 'Paris'
  if (/command|cmd|script/i.test(name)) return 'ls'
  if (/ur[li]/i.test(name)) return 'https://example.com/'
  if (/pattern|glob/i.test(name)) return '*'
  return prompt.trim().slice(0, 200) || 'example'
}
