// GET /openapi.json: the routes, for machines. Nothing is loaded or built before the first request.
import type { Handler } from '../contract.ts'
import type { DocumentedRoute } from '../openapi/documented-route.ts'

/** The document contains no user data, and changes only with a deployment. */
const cacheControl = 'public, max-age=3600'

/** @param routes every row of the table, the operator's too: the document is the same on every deployment */
export function openApi (routes: () => readonly DocumentedRoute[], version: string): Handler {
  // Keeps the text, not its promise: on Workers a promise belongs to the request that created it.
  let text: string | undefined
  return async () => {
    if (text === undefined) {
      const { createDocument } = await import('../openapi/document.ts')
      text = JSON.stringify(createDocument(routes(), version))
    }
    return { status: 200, headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': cacheControl },
      body: text }
  }
}
