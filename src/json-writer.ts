// Writes a large value as JSON in short steps. The text equals that of `JSON.stringify`. A leaf.
import { nextTurn } from './next-turn.ts'
import { isObject, type JsonObject } from './json.ts'

/** Elements per step. Longer lists are those that a client can make long: turns, parts, tools. */
const elements = 500
/** Lists are split this deep: the content of a message, the parts of a result. */
const depth = 5
const turnLength = 65_536

export async function writeJsonInTurns (value: JsonObject): Promise<string> {
  const pieces: string[] = []
  let length = 0
  for (const piece of write(value, depth)) {
    pieces.push(piece)
    length += piece.length
    if (length < turnLength) continue
    length = 0
    await nextTurn()
  }
  return pieces.join('')
}

function* write (value: unknown, levels: number): Generator<string> {
  if (levels > 0 && Array.isArray(value)) yield* writeList(value, levels)
  else if (levels > 0 && isObject(value) && !('toJSON' in value)) yield* writeObject(value, levels)
  else yield JSON.stringify(value) ?? 'null'
}

function* writeList (list: readonly unknown[], levels: number): Generator<string> {
  yield '['
  if (list.length > elements) {
    for (let at = 0; at < list.length; at += elements) {
      yield (at === 0 ? '' : ',') + JSON.stringify(list.slice(at, at + elements)).slice(1, -1)
    }
  } else {
    for (const [at, item] of list.entries()) {
      if (at > 0) yield ','
      yield* write(item, levels - 1)
    }
  }
  yield ']'
}

function* writeObject (object: JsonObject, levels: number): Generator<string> {
  let before = '{'
  for (const [name, item] of Object.entries(object)) {
    if (item === undefined) continue
    yield `${before}${JSON.stringify(name)}:`
    yield* write(item, levels - 1)
    before = ','
  }
  yield before === '{' ? '{}' : '}'
}
