// The web that the emulated models search: a few fixed pages on reserved names, and one for each domain that a request
// allows. Nothing leaves the process.
import { fields, list, text } from './json.ts'
import type { Fields } from './json.ts'

/** The web search that a request offers. */
export interface OfferedSearch {
  readonly allowed: readonly string[]
  readonly blocked: readonly string[]
  /** Whether the answer names the pages that were found. */
  readonly sources: boolean
}

export interface Page {
  readonly url: string
  readonly title: string
  /** A sentence of it. */
  readonly says: string
}

const pages: readonly Page[] = [{ url: 'https://tides.example/bergen', title: 'Tides in Bergen',
  says: 'High water in Bergen is at 04:10.' }, { url: 'https://harbour.example/news?day=1', title: 'Harbour news 🌊',
  says: 'The harbour wall was raised in spring.' }, { url: 'https://almanac.example/sea', title: 'Sea almanac',
  says: 'The next spring tide is on Friday.' }]

export function readSearch (body: Fields): OfferedSearch | null {
  const tool = list(body.tools).map(fields).find(({ type }) => text(type).startsWith('web_search'))
  if (tool === undefined) return null
  const filters = fields(tool.filters)
  return { allowed: list(filters.allowed_domains).map(text), blocked: list(filters.blocked_domains).map(text),
    sources: list(body.include).includes('web_search_call.action.sources') }
}

export function findPages ({ allowed, blocked }: OfferedSearch): Page[] {
  const isIn = (domains: readonly string[]) => ({ url }: Page) =>
    domains.some(domain => `.${new URL(url).hostname}`.endsWith(`.${domain}`))
  const known = allowed.length === 0 ? pages : pages.filter(isIn(allowed))
  const made = allowed.filter(domain => !known.some(isIn([domain]))).map((domain): Page => ({
    url: `https://${domain}/about`,
    title: `About ${domain}`,
    says: `The page of ${domain} says little.`,
  }))
  return [...known, ...made].filter(page => !isIn(blocked)(page))
}

/** OpenAI marks each address with itself. */
export function marked (url: string): string {
  return `${url}${url.includes('?') ? '&' : '?'}utm_source=openai`
}

/** The sentence with its link, as OpenAI's models write it. */
export function cited ({ url, says }: Page): string {
  return `${says} ([${new URL(url).hostname}](${marked(url)}))`
}
