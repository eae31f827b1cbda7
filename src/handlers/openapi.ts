// GET /openapi.json: what is here, for machines. Nothing of it is loaded or built before somebody asks.
import type { Handler } from '../contract.ts'
import type { DocumentedRoute } from '../openapi/document.ts'

/** It says nothing of anybody, and changes with a deployment only. */
const cacheControl = 'public, max-age=3600'

/** @param routes every row of the table, the operator's too: the document is the same on every deployment */
export function openApi (routes: () => readonly DocumentedRoute[], version: string): Handler {
  // The text and not the promise of it: on Workers that would belong to the request that asked first.
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
