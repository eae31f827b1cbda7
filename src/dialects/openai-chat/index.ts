import type { Dialect } from '../dialect.ts'
import { failStream, renderError } from './errors.ts'

export { inspectChat, prepareChat } from './request.ts'
export { createChatTidy } from './stream.ts'
export { tidyCompletion, toChunks } from './response.ts'

/** OpenAI Chat Completions. A comment is the only thing that may be said in a silent stream. */
export const openAiChat: Dialect = { name: 'openai-chat', renderError, failStream, ping: ': keep-alive\n\n' }
