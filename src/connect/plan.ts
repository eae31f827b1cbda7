// What `connect` does for one client, seat and model, as lines that a shell reads without a parser. The key is a
// placeholder: the script puts it in, so that no answer of the gateway has one.
import { targets, type ConnectAccess, type ConnectTarget } from './descriptions.js'

/** Placeholders: `@KEY@`, and `@FOLDER@` for the folder of the client. */
export const keyPlaceholder = '@KEY@'

/** A line `<word> <value>` for each fact. After `file <format> <path>` and `proof <path>` each line begins with `|`. */
export function planText (client: string, access: ConnectAccess): string | null {
  const describe = Object.hasOwn(targets, client) ? targets[client] : undefined
  if (describe === undefined) return null
  const target = describe(access)
  const { path, body } = proofOf(target, access)
  return [`model ${access.model.id}`, `run ${target.run}`, ...(target.notes ?? []).map(note => `note ${note}`),
    ...target.files.flatMap(file => [`file ${file.format} ${file.path}`, ...quoted(file.text)]), `proof ${path}`,
    ...quoted(JSON.stringify(body)), ''].join('\n')
}

function quoted (text: string): string[] {
  return text.replace(/\n$/, '').split('\n').map(line => line === '' ? '|' : `| ${line}`)
}

/** The smallest question of the client's dialect. Some models refuse fewer tokens. */
function proofOf (
  { proof }: ConnectTarget,
  { root, model: { id } }: ConnectAccess,
): { readonly path: string, readonly body: object } {
  const user = new URL(root).pathname
  const text = 'Reply with OK.'
  const messages = [{ role: 'user', content: text }]
  switch (proof) {
    case 'messages':
      return { path: `${user}/v1/messages`, body: { model: id, max_tokens: 64, messages } }
    case 'responses':
      return { path: `${user}/v1/responses`, body: { model: id, max_output_tokens: 64, store: false, input: text } }
    case 'gemini':
      return { path: `${user}/v1beta/models/${id}:generateContent`,
        body: { contents: [{ role: 'user', parts: [{ text }] }], generationConfig: { maxOutputTokens: 64 } } }
    case 'chat':
      return { path: `${user}/v1/chat/completions`, body: { model: id, max_tokens: 64, messages } }
  }
}
