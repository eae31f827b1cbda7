// Brings a folder to new content without a moment in which a file is missing: servers and other builds read it
// meanwhile. Files with the same content are left alone, and so keep their time.
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

/** @param fresh the folder with the new content, on the same file system; it is gone afterwards */
export function putFolder (fresh: string, target: string): void {
  const names = filesIn(fresh)
  for (const name of names) {
    if (isSame(join(fresh, name), join(target, name))) continue
    mkdirSync(dirname(join(target, name)), { recursive: true })
    renameSync(join(fresh, name), join(target, name))
  }
  const wanted = new Set(names)
  for (const name of filesIn(target)) if (!wanted.has(name)) rmSync(join(target, name), { force: true })
  rmSync(fresh, { recursive: true, force: true })
}

/** Names that begin with a dot count too: Cloudflare reads `.assetsignore`. */
function filesIn (folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile()).map(entry =>
    relative(folder, join(entry.parentPath, entry.name))
  )
}

function isSame (one: string, other: string): boolean {
  return existsSync(other) && readFileSync(one).equals(readFileSync(other))
}
