// The table of `/v1/messages`, in the order of application: names and ids come before surrogates, so that no two of
// them become equal.
import { betaRule } from './betas.ts'
import { contextEdits } from './cache-marks.ts'
import { imageRules } from './images.ts'
import { lastTurnRules } from './last-turn.ts'
import { messagesLimits, messagesMaxTokens } from './limits.ts'
import { editKinds, messagesFields } from './messages-fields.ts'
import { messagesMarks } from './messages-marks.ts'
import { messagesTurns } from './messages-turns.ts'
import { namedFields } from './named-fields.ts'
import { messagesOutput } from './output-schema.ts'
import { messagesOutputTool } from './output-tool.ts'
import { messagesOutputWords } from './output-words.ts'
import type { Rule } from './rule.ts'
import { messagesSampling } from './sampling.ts'
import { messagesStops } from './stops.ts'
import { surrogates } from './surrogates.ts'
import { thinkingRules } from './thinking.ts'
import { thoughtRules } from './thoughts.ts'
import { idRules, nameRules } from './tool-names.ts'
import { schemaRules } from './tool-schemas.ts'
import { toolChoice, toolSupport } from './tool-support.ts'
import { emptyTools, messagesHistory } from './tools-history.ts'

const endpoint = '/v1/messages'

export const messagesRules: readonly Rule[] = [...messagesFields, messagesOutputTool, emptyTools('messages'),
  messagesHistory, ...toolSupport('messages'), ...nameRules(endpoint, 'messages'), toolChoice('messages'),
  ...idRules(endpoint, 'messages'), surrogates('messages-surrogates'), ...schemaRules(endpoint, 'messages'),
  ...messagesTurns, messagesMaxTokens, ...thoughtRules, ...thinkingRules, ...messagesLimits, ...messagesSampling,
  ...messagesStops, ...messagesOutputWords, ...messagesOutput, contextEdits, editKinds,
  ...imageRules(endpoint, 'messages'), ...lastTurnRules('messages'), ...messagesMarks,
  namedFields('messages-named-field'), betaRule]
