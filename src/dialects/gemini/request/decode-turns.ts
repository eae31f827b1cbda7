// Decodes contents into turns. The vendor's chats store one content for each chunk of a stream, so contents of the
// model that follow one another are one turn. `docs/spec/gemini.md#parts`.
import type { JsonObject } from '../../../json.ts'
import { stepSize, type Steps } from '../../../steps.ts'
import type { Block, Turn } from '../../contract/prompt.ts'
import { fieldsOf, given, partsOf, text } from '../wire.ts'
import { unpackSignature } from '../wire-signature.ts'
import { createCalls, type Calls } from './decode-calls.ts'
import { decodePart, type ContentContext } from './decode-content.ts'

export function* decodeTurns (contents: readonly JsonObject[], context: ContentContext): Steps<Turn[]> {
  const calls = createCalls(context)
  const turns: Turn[] = []
  let model: ReturnType<typeof createModelTurn> | null = null
  let count = 0
  for (const [at, content] of contents.entries()) {
    const isModel = content['role'] === 'model'
    if (isModel && model === null) {
      calls.beginTurn()
      model = createModelTurn(calls, context)
    } else if (!isModel && model !== null) {
      turns.push(model.end())
      model = null
    }
    const blocks: Block[] = []
    for (const [nth, part] of partsOf(content).entries()) {
      if (++count % stepSize === 0) yield
      const path = `contents[${at}].parts[${nth}]`
      if (model !== null) model.add(part, path)
      else for (const block of decodeUserPart(part, path, calls, context)) blocks.push(block)
    }
    if (model === null) turns.push({ role: 'user', blocks: withLastResults(blocks) })
  }
  return model === null ? turns : [...turns, model.end()]
}

function decodeUserPart (part: JsonObject, path: string, calls: Calls, context: ContentContext): Block[] {
  return given(part, 'functionResponse') === undefined
    ? decodePart(part, path, context)
    : [calls.result(fieldsOf(part, 'functionResponse'), `${path}.functionResponse`)]
}

/** Of two results of one call, the last counts. */
function withLastResults (blocks: readonly Block[]): readonly Block[] {
  const last = new Map(blocks.map((block, at) => [block.type === 'tool-result' ? block.id : '', at]))
  return blocks.filter((block, at) => block.type !== 'tool-result' || last.get(block.id) === at)
}

/** The blocks of one turn of the model. A signature carries the state of the reasoning before its part. */
function createModelTurn (calls: Calls, context: ContentContext) {
  const blocks: Block[] = []
  let thoughts: string[] = []
  let texts: string[] = []
  const endText = (): void => {
    if (texts.length > 0) blocks.push({ type: 'text', text: texts.join('') })
    texts = []
  }
  const endThought = (signature: string): void => {
    const [carrier = null, ...more] = unpackSignature(signature)
    const words = thoughts.join('')
    thoughts = []
    if (words === '' && carrier === null) return
    endText()
    blocks.push({ type: 'reasoning', text: words, carrier })
    for (const each of more) blocks.push({ type: 'reasoning', text: '', carrier: each })
  }
  return {
    add (part: JsonObject, path: string): void {
      const signature = text(given(part, 'thoughtSignature'))
      if (part['thought'] === true) {
        thoughts.push(text(part['text']))
        if (signature !== '') endThought(signature)
        return
      }
      endThought(signature)
      if (given(part, 'functionCall') !== undefined) {
        endText()
        blocks.push(calls.call(fieldsOf(part, 'functionCall'), `${path}.functionCall`))
        return
      }
      for (const block of decodePart(part, path, context)) {
        if (block.type === 'text') texts.push(block.text)
        else {
          endText()
          blocks.push(block)
        }
      }
    },
    end (): Turn {
      endThought('')
      endText()
      return { role: 'assistant', blocks }
    },
  }
}
