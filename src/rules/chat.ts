// The table of `/chat/completions`, in the order of application: names and ids come before surrogates, so that no two
// of them become equal.
import { chatMarks } from './cache-marks.ts'
import { chatFields } from './chat-fields.ts'
import { chatMessages } from './chat-messages.ts'
import { chatResults } from './chat-results.ts'
import { chatChoices } from './choices.ts'
import { imageRules } from './images.ts'
import { lastTurnRules } from './last-turn.ts'
import { chatLimits } from './limits.ts'
import { namedFields } from './named-fields.ts'
import { chatOutput } from './output-schema.ts'
import { chatOutputTool } from './output-tool.ts'
import { chatOutputWords } from './output-words.ts'
import type { Rule } from './rule.ts'
import { chatSampling } from './sampling.ts'
import { chatStops } from './stops.ts'
import { surrogates } from './surrogates.ts'
import { idRules, nameRules } from './tool-names.ts'
import { schemaRules } from './tool-schemas.ts'
import { chatCalls, toolChoice, toolSupport } from './tool-support.ts'
import { chatHistory, emptyTools } from './tools-history.ts'

const endpoint = '/chat/completions'

export const chatRules: readonly Rule[] = [chatOutputTool, emptyTools('chat'), chatHistory, ...toolSupport('chat'),
  ...nameRules(endpoint, 'chat'), toolChoice('chat'), ...idRules(endpoint, 'chat'), surrogates('chat-surrogates'),
  ...chatCalls, ...chatResults, ...schemaRules(endpoint, 'chat'), ...chatFields, ...chatChoices, ...chatLimits,
  ...chatSampling, ...chatStops, ...chatOutputWords, ...chatOutput, ...chatMessages, ...imageRules(endpoint, 'chat'),
  chatMarks, ...lastTurnRules('chat'), namedFields('chat-named-field')]
