// Runs only the emulator: node src/emulator/main.ts [port]
//
// Plain JavaScript, so that a Node that is too old prints one line. `main.ts` is a link to this file: Node resolves
// the link, and then no longer reads the file as TypeScript, which an old Node could not.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < 22 || (major === 22 && minor < 19)) {
  console.error(
    `The emulator needs Node 22.19 or later; this is ${process.version}. Inside the project, after `
      + '"npm ci", "npm run emulator" finds its own Node 24.',
  )
  process.exit(1)
}
await import('./run.ts')
