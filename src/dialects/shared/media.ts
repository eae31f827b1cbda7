// Inline images and files: parses data URLs, and detects the actual type of wrongly declared bytes.
import type { Inline, Remote } from '../contract/prompt.ts'

/** A data URL as its bytes, any other URL unchanged. */
export function readSource (url: string): Inline | Remote {
  const comma = url.indexOf(',')
  const head = comma === -1 ? '' : url.slice(0, comma)
  if (!/^data:/i.test(head) || !/;base64$/i.test(head)) return { url }
  return toInline(head.slice('data:'.length, head.indexOf(';')), url.slice(comma + 1))
}

/** @param data base64, possibly with white space */
export function toInline (declared: string, data: string): Inline {
  const clean = /\s/.test(data) ? data.replaceAll(/\s+/g, '') : data
  const mime = declared.trim().toLowerCase() === 'image/jpg' ? 'image/jpeg' : declared.trim().toLowerCase()
  return { mime: mime === '' || mime.startsWith('image/') ? sniff(clean) ?? mime : mime, data: clean }
}

export function toUrl (source: Inline | Remote): string {
  return 'url' in source ? source.url : `data:${source.mime};base64,${source.data}`
}

/** Reads the type from the first bytes. Null unless it is one of the four types that every upstream accepts. */
function sniff (base64: string): string | null {
  if (base64.startsWith('iVBORw0KGgo')) return 'image/png'
  if (base64.startsWith('/9j/')) return 'image/jpeg'
  if (base64.startsWith('R0lGOD')) return 'image/gif'
  if (isWebp(base64)) return 'image/webp'
  return null
}

function isWebp (base64: string): boolean {
  if (!base64.startsWith('UklGR')) return false
  try {
    return atob(base64.slice(0, 16)).slice(8, 12) === 'WEBP'
  } catch {
    return false
  }
}
