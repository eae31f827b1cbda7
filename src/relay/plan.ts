// Which of upstream's endpoints a request goes to: the client's own where the model is served there, so that nothing is
// translated, else the one that can carry most of what the client's dialect says.
import type { Dialect, DialectName } from '../dialects/dialect.ts'
import { GatewayError } from '../errors.ts'
import { pathsOf } from './target.ts'
import type { ResolvedModel } from './resolve-model.ts'

/** Responses and Messages keep the order of blocks and the state of reasoning; Chat keeps neither. */
const preferred: Readonly<Record<DialectName, readonly DialectName[]>> = {
  'openai-chat': ['openai-chat', 'openai-responses', 'anthropic-messages'],
  'openai-responses': ['openai-responses', 'anthropic-messages', 'openai-chat'],
  'anthropic-messages': ['anthropic-messages', 'openai-responses', 'openai-chat'],
}

/**
 * @param hasFile a file is in the request: Copilot's Chat endpoint takes none, so it comes last
 * @throws {GatewayError} `invalid_request` for a model that does not chat
 */
export function planUpstream (client: DialectName, model: ResolvedModel, dialects: readonly Dialect[], hasFile = false): Dialect {
  const paths = pathsOf(model)
  const order = hasFile ? [...preferred[client].filter(name => name !== 'openai-chat'), 'openai-chat' as const] : preferred[client]
  const found = order.map(name => dialects.find(dialect => dialect.name === name)).find(dialect => dialect !== undefined && paths.includes(dialect.path))
  if (found !== undefined) return found
  const type = model.entry?.capabilities.type
  const reason = type === 'embeddings' ? 'it makes embeddings: call /v1/embeddings' : type === 'completion' ? 'it completes code in editors only' : 'Copilot serves it on no endpoint of this proxy'
  throw new GatewayError('invalid_request', `The model ${model.id} does not chat: ${reason}.`, { param: 'model' })
}
