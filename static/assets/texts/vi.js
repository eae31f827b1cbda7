// The pages' texts in Vietnamese, by the names of the English catalogue.
import { admin } from './vi/admin.js'
import { chat } from './vi/chat.js'
import { common } from './vi/common.js'
import { setup } from './vi/setup.js'
import { tools } from './vi/tools.js'

export const texts = { ...common, ...setup, ...chat, ...tools, ...admin }
