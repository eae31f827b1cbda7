// The lines of an event that is not written as upstream usually does.

/** The fields of an event: several `data` lines are one, and a leading space of a value is not part of it. */
export function readEvent (event: string): { data: string, name: string, hasData: boolean } {
  const data: string[] = []
  let name = ''
  for (const line of event.split('\n')) {
    const colon = line.indexOf(':')
    const field = colon === -1 ? line : line.slice(0, colon)
    const value = colon === -1 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1)
    if (field === 'data') data.push(value)
    else if (field === 'event') name = value
  }
  return { name, data: data.join('\n'), hasData: data.length > 0 }
}

export function writeLines (name: string, data: string): string {
  return `${name === '' ? '' : `event: ${name}\n`}${data.split('\n').map(line => `data: ${line}\n`).join('')}\n`
}
