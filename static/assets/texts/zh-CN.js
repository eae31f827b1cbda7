// The pages' texts in simplified Chinese, by the names of the English catalogue.
import { admin } from './zh-CN/admin.js'
import { chat } from './zh-CN/chat.js'
import { common } from './zh-CN/common.js'
import { setup } from './zh-CN/setup.js'
import { tools } from './zh-CN/tools.js'

export const texts = { ...common, ...setup, ...chat, ...tools, ...admin }
