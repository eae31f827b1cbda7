// The pages: files, and so in no runtime's route table, but part of what is here.
import type { DocumentedRoute } from './document.ts'
import { renderOpenAiError } from '../dialects/openai-error.ts'

const page = (path: string, operation: DocumentedRoute['operation']): DocumentedRoute =>
  ({ methods: ['GET', 'HEAD'], path, scope: 'site', operation, renderError: renderOpenAiError })

export const pages: readonly DocumentedRoute[] = [page('/', 'setupPage'), page('/chat', 'chatPage')]
