// Reads which texts an HTML file of ours shows. The files are in one simple form, which other tests check: no inline
// script or style, every attribute in double quotes.

/** A text that a person reads, and the name in the catalogue that it claims; null: none. */
export interface ShownText {
  readonly text: string
  readonly name: string | null
}

interface Open {
  readonly name: string | null
  readonly isFixed: boolean
  /** With `{0}` for the first child element, and so on. */
  text: string
  children: number
}

const attributes = ['label', 'placeholder', 'title'] as const
const empty = new Set(['meta', 'link', 'input', 'rect', 'path', 'br', 'hr', 'img', 'circle'])
/** Keys and code are the same in every language; and without scripts there is only one. */
const fixed = new Set(['script', 'style', 'noscript', 'kbd', 'code'])

/** Leaves out what is `translate="no"`: names, and what a person types or copies. */
export function textsOf (html: string): ShownText[] {
  const shown: ShownText[] = []
  const open: Open[] = []
  const close = () => {
    const { name, isFixed, text } = open.pop() ?? {}
    if (text === undefined) return
    const plain = text.replace(/\s+/g, ' ').trim()
    if (name !== null && name !== undefined) shown.push({ text: plain, name })
    else if (isFixed !== true && /\p{L}/u.test(plain.replace(/\{\d+\}/g, ''))) shown.push({ text: plain, name: null })
  }
  for (const [, comment, end, tag, all = '', text] of html.matchAll(
    /(<!--[\s\S]*?-->|<!doctype[^>]*>)|<\/([\w-]+)>|<([\w-]+)((?:\s+[\w-]+(?:="[^"]*")?)*)\s*\/?>|([^<]+)/gi,
  )) {
    if (comment !== undefined) continue
    if (end !== undefined) close()
    else if (text !== undefined) add(open.at(-1), decoded(text))
    else if (tag !== undefined) {
      const parent = open.at(-1)
      if (parent !== undefined) parent.text += `{${parent.children++}}`
      const isFixed = parent?.isFixed === true || fixed.has(tag) || /\stranslate="no"/.test(all)
      if (!isFixed) shown.push(...inAttributes(all))
      const element = { name: attribute(all, 'data-text'), isFixed, text: '', children: 0 }
      if (!empty.has(tag)) open.push(element)
    }
  }
  return shown
}

function add (element: Open | undefined, text: string): void {
  if (element !== undefined) element.text += text
}

function inAttributes (all: string): ShownText[] {
  return attributes.flatMap(short => {
    const text = attribute(all, short === 'label' ? 'aria-label' : short)
    return text === null || text === '' ? [] : [{ text: decoded(text), name: attribute(all, `data-text-${short}`) }]
  })
}

function attribute (all: string, name: string): string | null {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(all)?.[1] ?? null
}

function decoded (text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&')
}
