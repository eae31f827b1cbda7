#!/usr/bin/env node
// Plain JavaScript, for it must run on any Node: one that is too old gets one line, not a syntax error.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(`copilot-proxy needs Node 22.19 or later; this is ${process.version}. Inside the project, "npm start" finds its own Node 24.`)
  process.exit(1)
}
await (await import('./main.ts')).main(process.argv.slice(2))
