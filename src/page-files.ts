// The pages: the addresses and the files of both runtimes. All other files of `static/` have their own name as address.
// A leaf.
import type { Config } from './config.ts'

/** By address. */
export const pageFiles = { '/': 'index.html', '/chat': 'chat.html', '/admin': 'admin.html' } as const
export type PagePath = keyof typeof pageFiles

export function isPagePath (path: string): path is PagePath {
  return Object.hasOwn(pageFiles, path)
}

/** Without ADMIN_TOKEN there is no page for the operator. */
export function servedPages ({ adminToken }: Pick<Config, 'adminToken'>): readonly PagePath[] {
  return (Object.keys(pageFiles) as PagePath[]).filter(path => path !== '/admin' || adminToken !== null)
}
