// The two pages, from the assets, with the headers that pages get on Node. Cloudflare's asset layer serves all other
// files before it calls this Worker, with `static/_headers`, which is generated from the same table.
import type { Headers as ReplyHeaders } from '../contract.ts'
import { everyPage } from '../security-headers.ts'

/** The part of the `assets` binding that this file uses. */
export interface Assets {
  fetch(request: Request): Promise<Response>
}

const files: Readonly<Record<string, string>> = { '/': '/index.html', '/chat': '/chat.html' }
/** The request headers that decide whether a page must be sent again. */
const conditions = ['if-none-match', 'if-modified-since'] as const

/** Methods on the paths of pages, for the `allow` header of a 405. */
export const pageMethods: Readonly<Record<string, readonly string[]>> = { '/': ['GET', 'HEAD'],
  '/chat': ['GET', 'HEAD'] }

export function isPage (method: string, path: string): boolean {
  return pageMethods[path]?.includes(method) === true
}

/** Null if the file does not exist. */
export async function pageResponse (
  assets: Assets,
  request: Request,
  path: string,
  headers: ReplyHeaders,
): Promise<Response | null> {
  const asked = new Headers()
  for (const name of conditions) {
    const value = request.headers.get(name)
    if (value !== null) asked.set(name, value)
  }
  const file = await assets.fetch(
    new Request(new URL(files[path] ?? path, request.url), { method: request.method, headers: asked }),
  )
  if (file.status === 404) return null
  const sent = new Headers(file.headers)
  for (const [name, value] of Object.entries({ ...everyPage, ...headers, 'cache-control': 'no-store' })) {
    sent.set(name, value)
  }
  return new Response(file.body, { status: file.status, headers: sent })
}
