// The pages' texts in Spanish, by the names of the English catalogue.
import { admin } from './es/admin.js'
import { chat } from './es/chat.js'
import { common } from './es/common.js'
import { setup } from './es/setup.js'
import { tools } from './es/tools.js'

export const texts = { ...common, ...setup, ...chat, ...tools, ...admin }
