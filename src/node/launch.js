#!/usr/bin/env node
// Plain JavaScript, because it must run on any Node: one that is too old prints one line, not a syntax error.
import { withoutPretenuring } from './internals/pretenuring.js'

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `copilot-proxy needs Node 22.19 or later; this is ${process.version}. Inside the project, "npm start" finds `
      + `its own Node 24.`,
  )
  process.exit(1)
}
withoutPretenuring()
// The bundle has another name: it compiles fast, and has no folder for a cache.
if (import.meta.url.endsWith('/launch.js')) await import('./compile-cache.js')
await (await import('./main.ts')).main(process.argv.slice(2))
