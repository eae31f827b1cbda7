// Log lines for a person: one readable line for each line of JSON. The banner has the address, so the line that names
// it is left out.
import type { DestinationStream } from 'pino'
import { plain } from './cli/io.ts'

/** In this order after the message; all other fields follow. */
const first = ['method', 'route', 'status', 'ms', 'user'] as const
const own: ReadonlySet<string> = new Set([...first, 'level', 'time', 'msg', 'event'])

export function createTerminalLog (out: Pick<NodeJS.WriteStream, 'write'>): DestinationStream {
  return { write: line => {
    const fields = JSON.parse(line) as Record<string, unknown>
    if (fields['event'] !== 'listening') out.write(`${readable(fields)}\n`)
  } }
}

function readable (fields: Record<string, unknown>): string {
  const { level, time, msg } = fields
  const more = Object.entries(fields).filter(([name]) => !own.has(name)).map(([name, value]) =>
    `${name}=${word(value)}`
  )
  const known = first.map(name => fields[name]).filter(value => value !== undefined).map(word)
  return [word(time).slice(11, 19), word(level).padEnd(5), word(msg), ...known, ...more].join(' ')
}

/** Text from outside must not control the terminal. */
function word (value: unknown): string {
  return plain(typeof value === 'string' ? value : JSON.stringify(value))
}
