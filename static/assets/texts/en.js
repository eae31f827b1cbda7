// The pages' texts in English: the names in this catalogue are the names that exist. Each part belongs to one page.
import { admin } from './en/admin.js'
import { chat } from './en/chat.js'
import { common } from './en/common.js'
import { setup } from './en/setup.js'
import { tools } from './en/tools.js'

export const english = { ...common, ...setup, ...chat, ...tools, ...admin }
