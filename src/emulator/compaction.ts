// Compaction on Responses: a request whose last item is a trigger is answered with the conversation as an opaque item,
// which stands for everything before it. docs/spec/copilot.md#compaction
import { fields, text } from './json.ts'
import { readItems } from './ask-responses.ts'
import { base64 } from './random.ts'
import type { Ask } from './ask.ts'
import type { Script } from './script.ts'
import type { World } from './world.ts'

/** gpt-5-mini always answers with two items. The last one covers everything. */
const usually = (model: string): number => model === 'gpt-5-mini' ? 2 : 1

export function isCompaction ({ dialect, request }: Pick<Ask, 'dialect' | 'request'>): boolean {
  return dialect === 'responses' && readItems(fields(request.json).input).at(-1)?.type === 'compaction_trigger'
}

/** The encrypted contents of the items; none for any other request. They fit the model that made them, and no other. */
export function compact ({ memory }: World, ask: Ask, { compactions }: Script): string[] {
  const count = isCompaction(ask) ? compactions ?? usually(ask.model.id) : 0
  return Array.from({ length: count }, () => {
    const encrypted = `gAAAA${base64(300)}`
    memory.issued.set(encrypted, { model: ask.model.id, text: text(ask.userText) })
    return encrypted
  })
}
