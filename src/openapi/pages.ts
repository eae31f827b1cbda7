// The pages: static files, so in no route table, but part of the document.
import type { DocumentedRoute } from './documented-route.ts'
import { renderOpenAiError } from '../dialects/shared/openai-error.ts'

const page = (path: string, operation: DocumentedRoute['operation']): DocumentedRoute => ({ methods: ['GET', 'HEAD'],
  path, scope: 'site', operation, renderError: renderOpenAiError })

export const pages: readonly DocumentedRoute[] = [page('/', 'setupPage'), page('/chat', 'chatPage'),
  page('/admin', 'adminPage')]
