// Which of upstream's endpoints a request goes to: the client's own where the model is served there, so that nothing is
// translated, else the one that carries most of what the client's dialect expresses.
import type { ClientDialect, Dialect } from '../dialects/contract/dialect.ts'
import { GatewayError } from '../errors.ts'
import { searchesItself } from '../rules/model-facts.ts'
import { pathsOf } from './target.ts'
import type { ResolvedModel } from './resolve-model.ts'

/**
 * @param client the dialect of the request's body
 * @param hasFile a file is in the request: an endpoint that takes none comes last
 * @param searches the request offers a web search: OpenAI's models run one on their own endpoint
 * @throws {GatewayError} `invalid_request` for a model that does not chat
 */
export function chooseUpstream (
  client: ClientDialect,
  model: ResolvedModel,
  dialects: readonly Dialect[],
  hasFile = false,
  searches = false,
): Dialect {
  const served = pathsOf(model)
  const usable: Dialect[] = []
  for (const path of client.preferredUpstreams) {
    const dialect = served.includes(path) ? dialects.find(each => each.path === path) : undefined
    if (dialect !== undefined) usable.push(dialect)
  }
  const searching = searches && searchesItself(model) ? usable.find(({ path }) => path === '/responses') : undefined
  const found = searching ?? (hasFile ? usable.find(dialect => dialect.nativeFiles) : undefined) ?? usable[0]
  if (found !== undefined) return found
  throw new GatewayError('invalid_request', `The model ${model.id} does not chat: ${reasonOf(model)}.`, {
    param: 'model',
  })
}

function reasonOf ({ entry }: ResolvedModel): string {
  switch (entry?.capabilities.type) {
    case 'embeddings':
      return 'it makes embeddings: call /v1/embeddings'
    case 'completion':
      return 'it completes code in editors only'
    default:
      return 'Copilot serves it on no endpoint of this proxy'
  }
}
