// POST /v1/responses/input_tokens: this proxy's own count, since Copilot has no such route. Nothing is sent to Copilot.
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Dialect } from '../dialects/contract/dialect.ts'
import { GatewayError } from '../errors.ts'
import { accountOf } from './api-body.ts'
import { countLocally } from './count-locally.ts'
import { createAnswerRecall } from './recall-answers.ts'

export function countInputTokens (core: Core, dialect: Dialect): Handler {
  const recallAnswers = createAnswerRecall(core)
  return countLocally(core, dialect, {
    async read (received, call) {
      const { input = null } = received
      if (input !== null && typeof input !== 'string' && !Array.isArray(input)) {
        throw new GatewayError('invalid_request', '`input` must be a text or an array.', { param: 'input' })
      }
      const roomBytes = core.config.maxBodyBytes - call.bytes.length
      await recallAnswers(call, dialect, received)
      const remembered = core.responses(accountOf(call).owner)
      return dialect.resolveReferences?.(received, remembered, roomBytes).body ?? received
    },
    write: tokens => ({ object: 'response.input_tokens', input_tokens: tokens }),
  })
}
