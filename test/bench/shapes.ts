// Forms of streams that real backends send, and that nobody tuned the gateway for: other orders of keys, values that
// change with each event, reasoning, arguments.
import { chatEvents, messagesEvents, responsesEvents, usualStyle, type Kind,
  type Style } from '../unit/helpers/stream-shapes.ts'
import type { Path } from './answers.ts'

export interface Shape {
  readonly name: string
  readonly path: Path
  readonly kind: Kind
  readonly style: Style
}

const writers = { '/chat/completions': chatEvents, '/responses': responsesEvents, '/v1/messages': messagesEvents }
const usual = (kind: Kind, path: Path, name: string): Shape => ({ name, path, kind, style: usualStyle })
const chat = (name: string, style: Partial<Style>, kind: Kind = 'text'): Shape => ({ name: `Chat, ${name}`, kind,
  path: '/chat/completions', style: { ...usualStyle, ...style } })

/** The three that are translated too, for each dialect. */
const kinds: ReadonlyArray<readonly [Kind, string]> = [['text', 'text'], ['arguments', 'arguments'], ['reasoning',
  'reasoning']]

export const shapes: readonly Shape[] = [
  ...kinds.map(([kind, name]) => usual(kind, '/chat/completions', `Chat, ${name}`)),
  chat('keys in alphabetical order, no object', { order: 'alphabetical', object: false }),
  chat('filter offsets that change', { offsets: true, object: false }),
  chat('a role in each delta', { role: true }),
  chat('usage in each chunk', { usage: true }),
  chat('a new id in each chunk', { newIds: true }),
  chat('an event line', { name: true }),
  chat('padding', { padding: true }),
  chat('logprobs', { logprobs: true }),
  ...kinds.map(([kind, name]) => usual(kind, '/responses', `Responses, ${name}`)),
  ...kinds.map(([kind, name]) => usual(kind, '/v1/messages', `Messages, ${name}`)),
]

/** The events of an answer in this form, each complete. @param count how many of them have text */
export function shapedEvents (name: string, count: number): readonly Buffer[] {
  const shape = shapes.find(each => each.name === name)
  if (shape === undefined) throw new Error(`There is no shape ${name}.`)
  const pieces = Array.from({ length: count }, (_, at) => at % 7 === 6 ? ' word,\n' : ` word${at % 10}`)
  return writers[shape.path]([{ kind: shape.kind, pieces }], shape.style).map(event => Buffer.from(event))
}
