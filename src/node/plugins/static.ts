// The pages: every file of the folder has its own route, found when the server starts. The build packs each text in two
// ways; a browser that can unpack one gets it as it is.
import { existsSync, readdirSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import fastifyStatic from '@fastify/static'
import fp from 'fastify-plugin'
import { pageFiles, type PagePath } from '../../page-files.ts'
import { everyBundle, forEver, hashedFiles, headersOfFile } from '../../security-headers.ts'

export const staticFiles = fp<{ root: string, pages: readonly PagePath[] }>(async (app, { root, pages }) => {
  if (!existsSync(root)) return
  await app.register(fastifyStatic, { root, serve: false, cacheControl: false, etag: true, lastModified: true,
    preCompressed: true })
  const addresses = new Map(pages.map(path => [pageFiles[path] as string, path]))
  const hidden = new Set<string>(Object.values(pageFiles).filter(file => !addresses.has(file)))
  for (const file of listFiles(root)) {
    if (hidden.has(file)) continue
    const path = addresses.get(file) ?? `/${file}`
    const headers = path.startsWith(hashedFiles)
      ? { ...everyBundle, 'cache-control': forEver }
      : { ...headersOfFile(path), 'cache-control': path === `/${file}` ? 'no-cache' : 'no-store' }
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler: async (_request, reply) => reply.headers(headers).sendFile(file),
    })
  }
}, { name: 'static-files', fastify: '5.x' })

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
