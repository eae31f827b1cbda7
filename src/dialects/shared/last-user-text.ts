// The last text that the user wrote, in any dialect: Auto chooses a model by it. Reads from the end, and only as far as
// necessary. docs/spec/copilot.md#auto
import { isObject, type JsonObject } from '../../json.ts'
import { isReminder } from './initiator.ts'

const maxLength = 32_768

/** `''` if the request contains none. */
export function lastUserText (body: JsonObject): string {
  const { messages, input, contents } = body
  const turns = messages ?? input ?? (isObject(contents) ? [contents] : contents)
  if (typeof turns === 'string') return turns.slice(0, maxLength)
  if (!Array.isArray(turns)) return ''
  for (let at = turns.length - 1; at >= 0; at--) {
    const turn = turns[at] as unknown
    const text = isObject(turn) && isOfUser(turn) ? textOf(turn['content'] ?? turn['parts']) : ''
    if (text !== '') return text
  }
  return ''
}

/** Google's contents of a user need no role. */
function isOfUser ({ role, parts }: JsonObject): boolean {
  return role === 'user' || (role === undefined && parts !== undefined)
}

function textOf (content: unknown): string {
  const blocks: readonly unknown[] = typeof content === 'string' ? [{ text: content }] : toList(content)
  const texts: string[] = []
  let length = 0
  for (const block of blocks) {
    const text = isObject(block) ? block['text'] : null
    if (typeof text !== 'string' || text.trim() === '' || isReminder(text)) continue
    texts.push(text)
    length += text.length
    if (length >= maxLength) break
  }
  return texts.join('\n').slice(0, maxLength)
}

function toList (value: unknown): readonly unknown[] {
  return isObject(value) ? [value] : Array.isArray(value) ? value : []
}
