// The table of `/responses`, in the order of application: names and ids come before surrogates, so that no two of them
// become equal.
import { responsesLogprobs } from './choices.ts'
import { imageRules } from './images.ts'
import { responsesLimits } from './limits.ts'
import { namedFields } from './named-fields.ts'
import { itemRules } from './response-items.ts'
import { responsesFields } from './responses-fields.ts'
import { responsesTools } from './responses-tools.ts'
import type { Rule } from './rule.ts'
import { responsesSampling } from './sampling.ts'
import { surrogates } from './surrogates.ts'
import { idRules, nameRules } from './tool-names.ts'
import { schemaRules } from './tool-schemas.ts'
import { toolChoice, toolSupport } from './tool-support.ts'
import { emptyTools } from './tools-history.ts'

const endpoint = '/responses'

export const responsesRules: readonly Rule[] = [...responsesFields, responsesLogprobs, ...itemRules, ...responsesTools,
  emptyTools('responses'), ...toolSupport('responses'), ...nameRules(endpoint, 'responses'), toolChoice('responses'),
  ...idRules(endpoint, 'responses'), surrogates('responses-surrogates'), ...schemaRules(endpoint, 'responses'),
  ...responsesLimits, ...responsesSampling, ...imageRules(endpoint, 'responses'), namedFields('responses-named-field')]
