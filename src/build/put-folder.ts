// Brings a folder to new content without a moment in which a file is missing: servers and other builds read it
// meanwhile. Files with the same content are left alone, and so keep their time.
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'

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

function filesIn (folder: string): string[] {
  return globSync('**/*', { cwd: folder }).filter(name =>
    statSync(join(folder, name), { throwIfNoEntry: false })?.isFile() === true
  )
}

function isSame (one: string, other: string): boolean {
  return existsSync(other) && readFileSync(one).equals(readFileSync(other))
}
