// Reads the facts of a request that the planner needs, for every upstream. `docs/spec/interface.md#initiator`.
import { isObject, type JsonObject } from '../../json.ts'
import type { RequestFacts } from '../contract/dialect.ts'
import { agentStep, initiatorOf, type Utterance } from '../shared/initiator.ts'
import { agentQuery, decodeWebTools } from './request/decode-web-tools.ts'
import { given, fieldsOf, mustBe, objectsOf, partsOf, text } from './wire.ts'

/** @throws {GatewayError} `invalid_request` naming the field */
export function inspect (body: JsonObject): RequestFacts {
  const { model } = body
  if (typeof model !== 'string' || !/^[\x21-\x7e][\x20-\x7e]{0,255}$/.test(model)) throw mustBe('model', 'a model id')
  const contents = readContents(body)
  const media = contents.flatMap(mediaOf)
  return {
    model,
    stream: body['stream'] === true,
    includeUsage: false,
    n: 1,
    initiator: agentQuery(body) === null ? initiatorOf(contents, readUtterance) : 'agent',
    vision: media.some(mime => mime.startsWith('image/')),
    hasFile: media.some(isFile),
    hasTools: objectsOf(body['tools']).length > 0,
    ...(decodeWebTools(body) === null ? {} : { webTools: 'search' } as const),
  }
}

/** @throws {GatewayError} */
export function readContents (body: JsonObject): readonly JsonObject[] {
  const { contents } = body
  if (isObject(contents)) return [contents]
  if (!Array.isArray(contents) || contents.length === 0) throw mustBe('contents', 'a non-empty array')
  const wrong = contents.findIndex(content => !isObject(content))
  if (wrong !== -1) throw mustBe(`contents.${wrong}`, 'an object')
  return contents as JsonObject[]
}

function readUtterance (content: JsonObject): Utterance {
  if (content['role'] === 'model') return agentStep
  const parts = partsOf(content)
  const texts = parts.map(part => text(part['text'])).filter(each => each.trim() !== '')
  const results = parts.filter(part => given(part, 'functionResponse') !== undefined).length
  const others = parts.filter(part => part['text'] === undefined).length - results
  // Gemini CLI sends what a tool found, such as an image, in parts next to the tool's result.
  return { from: 'user', hasResult: results > 0, texts, hasOther: others > 0 && results === 0 }
}

/** The types of all media, also in the results of functions. */
function mediaOf (content: JsonObject): string[] {
  return partsOf(content).flatMap(part => {
    const mime = text(given({ ...fieldsOf(part, 'fileData'), ...fieldsOf(part, 'inlineData') }, 'mimeType'))
    return [...(mime === '' ? [] : [mime.toLowerCase()]), ...mediaOf(fieldsOf(part, 'functionResponse'))]
  })
}

function isFile (mime: string): boolean {
  return !mime.startsWith('image/') && !mime.startsWith('text/')
}
