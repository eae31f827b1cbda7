// Images and files by value: data URLs taken apart, and the real type of bytes that were declared as something else.
import type { Inline, Remote } from './prompt.ts'

/** A data URL as its bytes, any other URL as it is. */
export function readSource (url: string): Inline | Remote {
  const [, declared, data] = /^data:([^;,]*)(?:;[^;,]*)*?;base64,([^]*)$/i.exec(url) ?? []
  return data === undefined ? { url } : toInline(declared ?? '', data)
}

/** @param data base64, white space allowed */
export function toInline (declared: string, data: string): Inline {
  const clean = /\s/.test(data) ? data.replaceAll(/\s+/g, '') : data
  const mime = declared.trim().toLowerCase() === 'image/jpg' ? 'image/jpeg' : declared.trim().toLowerCase()
  return { mime: mime === '' || mime.startsWith('image/') ? sniff(clean) ?? mime : mime, data: clean }
}

export function toUrl (source: Inline | Remote): string {
  return 'url' in source ? source.url : `data:${source.mime};base64,${source.data}`
}

/** By the first bytes, seen through their base64; null for what is none of the four that every upstream takes. */
function sniff (base64: string): string | null {
  if (base64.startsWith('iVBORw0KGgo')) return 'image/png'
  if (base64.startsWith('/9j/')) return 'image/jpeg'
  if (base64.startsWith('R0lGOD')) return 'image/gif'
  if (isWebp(base64)) return 'image/webp'
  return null
}

function isWebp (base64: string): boolean {
  if (!base64.startsWith('UklGR')) return false
  try { return atob(base64.slice(0, 16)).slice(8, 12) === 'WEBP' } catch { return false }
}
