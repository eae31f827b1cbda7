// For an address without a route: what the caller probably meant. It is only computed for refusals, and its time is
// bounded by the length of what it compares.
import { nearestWord } from '../edit-distance.ts'
import type { Route } from '../route.ts'
import { scrub } from '../scrub.ts'

const longestShown = 120
const longestCompared = 48
const chatPaths = ['chat/completions', 'responses', 'messages']
/** Addresses of OpenAI's and Anthropic's APIs that this proxy lacks, and what serves instead. */
const instead: Readonly<Record<string, readonly string[]>> = { completions: chatPaths, complete: chatPaths,
  engines: ['models'] }

/** @returns a function of the requested path that gives the text of the refusal */
export function createPathHint (routes: readonly Pick<Route, 'path' | 'scope'>[]): (path: string) => string {
  const tails = [...new Set(routes.filter(({ scope }) => scope === 'api').map(({ path }) => tailOf(path)))].filter(
    tail => tail !== '' && !tail.includes(':')
  )
  const own = new Set(routes.map(({ path }) => path.split('/')[1] ?? ''))
  return path => {
    const shown = shownPath(path)
    const parts = path.slice(0, longestShown).split('/').filter(part => part !== '')
    const whole = withoutBase(parts)
    if (tails.includes(whole)) return `There is no ${shown}: the user name is missing. Use /<username>/v1/${whole}.`
    const [user = ''] = parts
    if (parts.length < 2 || own.has(user)) {
      return `There is no ${shown}. The API is below /<username>/v1: ${listed(chatPaths)}.`
    }
    const tail = withoutBase(parts.slice(1))
    return `There is no ${shown}: use ${listed(instead[tail] ?? nearest(tail, tails))} below /${scrub(user)}/v1.`
  }
}

/** As much of a path as an error may repeat. */
export function shownPath (path: string): string {
  return scrub(path.slice(0, longestShown))
}

/** `/:username/v1/chat/completions` → `chat/completions` */
function tailOf (pattern: string): string {
  return withoutBase(pattern.split('/').slice(2))
}

function withoutBase (parts: readonly string[]): string {
  const from = parts.findIndex(part => part !== 'v1' && part !== 'v1beta')
  return from === -1 ? '' : parts.slice(from).join('/')
}

function nearest (tail: string, tails: readonly string[]): readonly string[] {
  const near = tail.length > longestCompared
    ? null
    : nearestWord(tail.toLowerCase(), tails, Math.max(2, tail.length / 4))
  return near === null ? chatPaths : [near]
}

function listed (words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
