// Embeddings for clients whose requests and answers have another form than OpenAI's.
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { isObject, type JsonObject } from '../json.ts'
import { resolveModel } from '../relay/resolve-model.ts'
import { readApiBodyInTurns, seatRequest } from './api-body.ts'
import { createEmbed, maxEmbeddingsBytes } from './embeddings.ts'
import { json } from './reply.ts'

export interface EmbeddingForm {
  /** @throws {GatewayError} */
  readonly read: (body: JsonObject) => { readonly input: readonly string[], readonly dimensions: number | null }
  /** @param data one embedding for each text */
  readonly write: (data: readonly JsonObject[]) => JsonObject
}

/** @param modelOf the model that the address names */
export function embedContents (core: Core, form: EmbeddingForm, modelOf: (segment: string) => string): Handler {
  const { config, models } = core
  const embed = createEmbed(core)
  return async call => {
    const { input, dimensions } = form.read(await readApiBodyInTurns(call, maxEmbeddingsBytes))
    const requested = modelOf(call.params['id'] ?? '')
    const known = await models.planned(seatRequest(call, config))
    const model = resolveModel(requested, known, config.modelAliases)?.id ?? requested
    const { answer, headers } = await embed(call, { model, input, ...(dimensions === null ? {} : { dimensions }) })
    return json(200, form.write((answer['data'] as unknown[]).filter(isObject)), headers)
  }
}
