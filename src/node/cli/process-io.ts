// The streams and the environment of the current process.
import { createInterface } from 'node:readline'
import { Writable } from 'node:stream'
import { systemClock } from '../../system-clock.ts'
import { readEnvironment } from '../environment.ts'
import type { Io } from './io.ts'

export function processIo (): Io {
  // The reader of the output may stop early: `users list | head -1`.
  const leave = () => {
    process.exit(1)
  }
  return {
    env: readEnvironment(),
    clock: systemClock,
    out (line) {
      if (!process.stdout.listeners('error').includes(leave)) process.stdout.on('error', leave)
      process.stdout.write(`${line}\n`)
    },
    err: line => {
      process.stderr.write(`${line}\n`)
    },
    ask,
  }
}

/** Writes the question to standard error, so that the result can be piped. Does not echo the typed text. */
function ask (question: string): Promise<string | null> {
  const isTerminal = process.stdin.isTTY
  if (isTerminal) process.stderr.write(question)
  const mute = new Writable({ write: (_chunk, _encoding, done) => {
    done()
  } })
  const lines = createInterface({ input: process.stdin, output: mute, terminal: isTerminal })
  return new Promise(resolve => {
    lines.once('line', line => {
      resolve(line)
      lines.close()
    })
    lines.once('SIGINT', () => {
      lines.close()
    })
    lines.once('close', () => {
      if (isTerminal) process.stderr.write('\n')
      process.stdin.destroy() // Otherwise a pipe that stays open would keep the process alive.
      resolve(null)
    })
  })
}
