// The pages, from the assets, with the headers that pages get on Node. Cloudflare's asset layer serves all other
// files before it calls this Worker, with `static/_headers`, which is generated from the same table.
import type { Headers as ReplyHeaders } from '../contract.ts'
import { isPagePath, pageFiles, type PagePath } from '../page-files.ts'
import { everyPage } from '../security-headers.ts'

/** The part of the `assets` binding that this file uses. */
export interface Assets {
  fetch(request: Request): Promise<Response>
}

/** The request headers that decide whether a page must be sent again. */
const conditions = ['if-none-match', 'if-modified-since'] as const

const methods = ['GET', 'HEAD']

/** Methods on the paths of pages, for the `allow` header of a 405. */
export function methodsOfPages (pages: readonly PagePath[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(pages.map(path => [path, methods]))
}

/** The page of a request; null if it asks for something else. */
export function pageOf (method: string, path: string, pages: readonly PagePath[]): PagePath | null {
  return isPagePath(path) && pages.includes(path) && methods.includes(method) ? path : null
}

/** Null if the file does not exist. */
export async function pageResponse (
  assets: Assets,
  request: Request,
  page: PagePath,
  headers: ReplyHeaders,
): Promise<Response | null> {
  const asked = new Headers()
  for (const name of conditions) {
    const value = request.headers.get(name)
    if (value !== null) asked.set(name, value)
  }
  const file = await assets.fetch(
    new Request(new URL(`/${pageFiles[page]}`, request.url), { method: request.method, headers: asked }),
  )
  if (file.status === 404) return null
  const sent = new Headers(file.headers)
  for (const [name, value] of Object.entries({ ...everyPage, ...headers, 'cache-control': 'no-store' })) {
    sent.set(name, value)
  }
  return new Response(file.body, { status: file.status, headers: sent })
}
