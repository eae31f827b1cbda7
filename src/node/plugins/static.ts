// The pages: the files are found when the server starts. The build packs each text in two ways; a browser that can
// unpack one gets it as it is.
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import type { FastifyReply, FastifyRequest } from 'fastify'
import fastifyStatic from '@fastify/static'
import fp from 'fastify-plugin'
import { pageFiles, type PagePath } from '../../page-files.ts'
import { everyBundle, forEver, hashedFiles, headersOfFile } from '../../security-headers.ts'

interface Served {
  readonly file: string
  readonly headers: Readonly<Record<string, string>>
}

export const staticFiles = fp<{ root: string, pages: readonly PagePath[] }>(async (app, { root, pages }) => {
  if (!existsSync(root)) return
  await app.register(fastifyStatic, { root, serve: false, cacheControl: false, etag: true, lastModified: true,
    preCompressed: true })
  const addresses = new Map(pages.map(path => [pageFiles[path] as string, path]))
  const hidden = new Set<string>(Object.values(pageFiles).filter(file => !addresses.has(file)))
  const served = new Map<string, Served>(listFiles(root).filter(file => !hidden.has(file)).map(file => {
    const path: `/${string}` = addresses.get(file) ?? `/${file}`
    return [path, { file, headers: headersOf(path, file) }]
  }))
  for (const url of new Set([...served.keys()].map(routeOf))) {
    app.route({ method: ['GET', 'HEAD'], url, handler: serve })
  }

  async function serve ({ params, routeOptions: { url = '' } }: FastifyRequest, reply: FastifyReply) {
    const { '*': name } = params as { readonly '*'?: string }
    const found = served.get(name === undefined ? url : url.replace('*', () => name))
    return found === undefined ? reply.callNotFound() : reply.headers(found.headers).sendFile(found.file)
  }
}, { name: 'static-files', fastify: '5.x' })

/**
 * One route for all files of a folder in a folder: a server with three hundred routes more starts a tenth later. A
 * folder at the top may have the name of a user, so its files have a route each.
 */
function routeOf (path: string): string {
  const folder = path.slice(0, path.lastIndexOf('/') + 1)
  return folder.split('/').length > 3 ? `${folder}*` : path
}

function headersOf (path: `/${string}`, file: string): Readonly<Record<string, string>> {
  return path.startsWith(hashedFiles)
    ? { ...everyBundle, 'cache-control': forEver }
    : { ...headersOfFile(path), 'cache-control': path === `/${file}` ? 'no-cache' : 'no-store' }
}

/** What no browser asks for: types, and what the build has packed. `static/.assetsignore` names them for Cloudflare. */
const unlisted = /(?:^|\/)tsconfig\.json$|\.d\.ts$|\.(?:br|gz)$/

/** With forward slashes, relative to the root. Leaves out names that begin with a dot or an underscore. */
function listFiles (root: string): string[] {
  return readdirSync(root, { recursive: true, withFileTypes: true }).filter(entry =>
    entry.isFile() && !entry.name.startsWith('.') && !entry.name.startsWith('_')
  ).map(entry => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/')).filter(file =>
    !unlisted.test(file)
  )
}
