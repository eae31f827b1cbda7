#!/usr/bin/env node
// Plain JavaScript, for it must run on any Node: one that is too old gets one line, not a syntax error.
import { setFlagsFromString } from 'node:v8'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `copilot-proxy needs Node 22.19 or later; this is ${process.version}. Inside the project, "npm start" finds `
      + `its own Node 24.`,
  )
  process.exit(1)
}
// V8 makes what lived through a collection once straight among its old objects the next time. Here everything that
// waits for upstream lives through one, and dies a moment later: among the old, where it stays and holds what it points
// to until the next full collection. A quarter of a request's time went there (docs/performance.md).
setFlagsFromString('--no-allocation-site-pretenuring')
// The bundle goes by another name: it is compiled soon, and has no folder of its own to keep that in.
if (import.meta.url.endsWith('/launch.js')) await import('./compile-cache.js')
await (await import('./main.ts')).main(process.argv.slice(2))
