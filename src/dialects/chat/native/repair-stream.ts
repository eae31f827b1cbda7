// Repairs Copilot's Chat stream so that OpenAI's SDKs accept it. Most events only lack `object`, which is put in front
// of their text. `docs/spec/copilot.md#chat-stream`,
// `docs/spec/translation.md#same-dialect`.
import { isObject } from '../../../json.ts'
import type { AnswerOptions, StreamRepair } from '../../contract/dialect.ts'
import type { PlainEvent } from '../../contract/plain-event.ts'
import { droppedString, passedString } from '../../shared/varying.ts'
import { createChoiceRepair, type ChoiceRepair } from './repair-choice.ts'
import { cutOff, readError } from '../errors.ts'
import { createUsageMeter, varyingUsage } from '../usage.ts'
import { isFailure, parseChunk, onlyChoiceOf, type WireAnswer, type WireChoice } from '../wire.ts'

export interface ChatRepairOptions {
  /** Whether the client asked for a separate chunk with the usage. */
  readonly includeUsage: boolean
  /** How many choices the client asked for. */
  readonly n: number
  /** The requested model, for chunks that name none. */
  readonly model: string
  readonly now: () => number
  readonly newId: () => string
  readonly remember?: AnswerOptions['remember']
}

const objectField = '"object":"chat.completion.chunk"'

export function createChatRepair ({ includeUsage, n, model, now, newId, remember }: ChatRepairOptions): StreamRepair {
  /** The id of the first chunk that has one: every chunk of an answer must have the same. */
  let id = ''
  let created = 0
  /** By the client's `index`. The first delta of a choice makes its entry. */
  const choices = new Map<number, ChoiceRepair>()
  const meter = createUsageMeter()
  let isDone = false

  return {
    plain,
    event (data, name, parsed) {
      if (data === '[DONE]') return finish(choice => choice.hasEnded())
      return data === '' ? '' : repair(data, name, parsed ?? parseChunk(data))
    },
    end () {
      if (isDone) return ''
      return finish(choice => choice.hasAllEnded())
    },
    isDone: () => isDone,
    usage: meter.usage,
  }

  /** Chunks of the answer's id, or of another that the client does not get. */
  function plain (chunk: WireAnswer): PlainEvent | null {
    const choice = onlyChoiceOf(chunk)
    if (choice === null) return null
    const source = Number.isInteger(choice.index) ? choice.index as number : 0
    const values = choices.get(n > 1 ? source : 0)?.plain(choice, source) ?? null
    if (values === null) return null
    const usage = varyingUsage(chunk, meter, true)
    return { seen: usage.seen,
      values: [...values, ...usage.values, ...passedString('obfuscation', chunk['obfuscation']),
        ...chunk.id === id ? [] : droppedString('id', chunk.id).map(value => ({ ...value, except: id }))] }
  }

  /**
   * Ends the choices that upstream left open.
   * @throws {GatewayError} for an answer that did not end
   */
  function finish (isEnded: (choice: ChoiceRepair) => boolean): string {
    if (choices.size === 0 || ![...choices.values()].every(isEnded)) throw cutOff()
    isDone = true
    return [...choices.values()].map(choice => choice.finish()).join('') + 'data: [DONE]\n\n'
  }

  function repair (data: string, name: string, chunk: WireAnswer): string | null {
    if (isFailure(chunk)) throw readError(chunk.error)
    meter.read(chunk)
    if (!Array.isArray(chunk.choices) || chunk.choices.length === 0) {
      return isObject(chunk.usage) && includeUsage ? write({ ...chunk, choices: [] }) : ''
    }
    if (id === '') {
      id = typeof chunk.id === 'string' && chunk.id !== '' ? chunk.id : `chatcmpl-${newId()}`
      created = typeof chunk.created === 'number' && chunk.created > 0 ? chunk.created : Math.floor(now() / 1_000)
    }
    let before = ''
    let changed = name !== '' || chunk.id !== id || typeof chunk.created !== 'number' || typeof chunk.model !== 'string'
    for (const choice of chunk.choices.filter(isObject) as WireChoice[]) {
      const repaired = repairChoice(choice)
      changed ||= repaired.changed
      before += repaired.before
    }
    if (changed) return before + write(chunk)
    if (chunk.object === 'chat.completion.chunk') return before === '' ? null : `${before}data: ${data}\n\n`
    return before + ('object' in chunk ? write(chunk) : withObject(data))
  }

  /** Repairs a choice in place. @returns `before`: chunks that have to come first */
  function repairChoice (raw: WireChoice): { changed: boolean, before: string } {
    const given = Number.isInteger(raw.index) ? raw.index as number : 0
    // A client that asked for one choice gets one, even if upstream splits it.
    const index = n > 1 ? given : 0
    const known = choices.get(index)
    const choice = known ?? createChoiceRepair(index, newId, write, (callId, item) => {
      remember?.(callId, item === null ? null : { kind: 'c', item, model })
    })
    choices.set(index, choice)
    const changed = raw.index !== index
    raw.index = index
    const { changed: isRepaired, before } = choice.repair(raw, given, known === undefined)
    return { changed: changed || isRepaired, before }
  }

  function write (chunk: WireAnswer): string {
    const head = { id: id === '' ? id = `chatcmpl-${newId()}` : id, object: 'chat.completion.chunk',
      created: created === 0 ? created = Math.floor(now() / 1_000) : created }
    return `data: ${
      JSON.stringify({ ...chunk, ...head,
        model: typeof chunk.model === 'string' && chunk.model !== '' ? chunk.model : model })
    }\n\n`
  }
}

function withObject (data: string): string {
  return `data: {${objectField},${data.slice(data.indexOf('{') + 1)}\n\n`
}
