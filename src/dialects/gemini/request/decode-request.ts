// Decodes a request of Google's API into a prompt. `docs/spec/gemini.md#parts`.
import type { JsonObject } from '../../../json.ts'
import { atOnce, type Steps } from '../../../steps.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Prompt, TextBlock } from '../../contract/prompt.ts'
import { readContents } from '../inspect.ts'
import { camelOf, given, objectsOf, partsOf, text } from '../wire.ts'
import { decodeSettings, detailOf } from './decode-settings.ts'
import { decodeTools } from './decode-tools.ts'
import { decodeTurns } from './decode-turns.ts'

/** Fields that this folder reads. */
const known = new Set(['model', 'stream', 'contents', 'systemInstruction', 'tools', 'toolConfig', 'generationConfig'])
/** They change nothing that Copilot has. */
const silent = new Set(['safetySettings', 'labels', 'store'])

export function decodeRequest (body: JsonObject, ledger: Ledger): Prompt {
  return atOnce(decodeInSteps(body, ledger))
}

export function* decodeInSteps (body: JsonObject, ledger: Ledger): Steps<Prompt> {
  loseFields(body, ledger)
  const tools = yield* decodeTools(body, ledger)
  yield
  const settings = decodeSettings(body, ledger)
  const turns = yield* decodeTurns(readContents(body), { ledger, detail: detailOf(body) })
  return {
    model: text(body['model']),
    system: readSystem(given(body, 'systemInstruction')),
    turns,
    ...tools,
    ...settings,
    verbosity: null,
    user: null,
    cacheKey: null,
    serviceTier: null,
    stream: body['stream'] === true,
    body,
  }
}

/** Its role counts for nothing. */
function readSystem (instruction: unknown): readonly TextBlock[] {
  const texts = typeof instruction === 'string'
    ? [instruction]
    : objectsOf(instruction).flatMap(partsOf).map(part => text(part['text']))
  return texts.filter(each => each.trim() !== '').map(each => ({ type: 'text', text: each }))
}

function loseFields (body: JsonObject, ledger: Ledger): void {
  for (const [name, value] of Object.entries(body)) {
    const camel = camelOf(name)
    if (value === null || known.has(camel) || silent.has(camel)) continue
    if (camel === 'cachedContent') ledger.refuse('cachedContent', 'A cached part of the prompt')
    ledger.lose(camel.slice(0, 64))
  }
}
