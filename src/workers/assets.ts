// The two pages, out of the assets and with the headers that pages get on Node. All other files are served by
// Cloudflare's asset layer before this Worker is asked, with `static/_headers`, which is made from the same table.
import type { Headers as ReplyHeaders } from '../contract.ts'
import { everyPage } from '../security-headers.ts'

/** What we use of the `assets` binding. */
export interface Assets { fetch (request: Request): Promise<Response> }

const files: Readonly<Record<string, string>> = { '/': '/index.html', '/chat': '/chat.html' }
/** Of a page's request, what decides whether it has to be sent again. */
const conditions = ['if-none-match', 'if-modified-since'] as const

/** Methods on the paths of pages, for the `allow` of a 405 there. */
export const pageMethods: Readonly<Record<string, readonly string[]>> = { '/': ['GET', 'HEAD'], '/chat': ['GET', 'HEAD'] }

export function isPage (method: string, path: string): boolean {
  return pageMethods[path]?.includes(method) === true
}

/** Null where the file does not exist. */
export async function pageResponse (assets: Assets, request: Request, path: string, headers: ReplyHeaders): Promise<Response | null> {
  const asked = new Headers()
  for (const name of conditions) {
    const value = request.headers.get(name)
    if (value !== null) asked.set(name, value)
  }
  const file = await assets.fetch(new Request(new URL(files[path] ?? path, request.url), { method: request.method, headers: asked }))
  if (file.status === 404) return null
  const sent = new Headers(file.headers)
  for (const [name, value] of Object.entries({ ...everyPage, ...headers, 'cache-control': 'no-store' })) sent.set(name, value)
  return new Response(file.body, { status: file.status, headers: sent })
}
