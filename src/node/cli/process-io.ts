// The streams and the environment of this very process.
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { readEnvironment } from '../environment.ts'
import type { Io } from './io.ts'

export function processIo (): Io {
  // Who reads the result may have seen enough: `users list | head -1`.
  const leave = () => { process.exit(1) }
  return {
    env: readEnvironment(),
    clock: { now: Date.now, monotonic: () => performance.now() },
    out (line) {
      if (!process.stdout.listeners('error').includes(leave)) process.stdout.on('error', leave)
      process.stdout.write(`${line}\n`)
    },
    err: line => { process.stderr.write(`${line}\n`) },
    ask,
  }
}

/** The question goes to standard error, so that a result can be piped on; what is typed is not echoed. */
function ask (question: string): Promise<string | null> {
  const isTerminal = process.stdin.isTTY
  if (isTerminal) process.stderr.write(question)
  const mute = new Writable({ write: (_chunk, _encoding, done) => { done() } })
  const lines = createInterface({ input: process.stdin, output: mute, terminal: isTerminal })
  return new Promise(resolve => {
    lines.once('line', line => { resolve(line); lines.close() })
    lines.once('SIGINT', () => { lines.close() })
    lines.once('close', () => {
      if (isTerminal) process.stderr.write('\n')
      process.stdin.destroy()   // or a pipe that stays open would keep the process
      resolve(null)
    })
  })
}
