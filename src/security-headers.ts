// Headers that isolate pages and answers: one table for both runtimes.
import type { Headers } from './contract.ts'

export const everyReply: Headers = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
}

/** Forbids inline code, foreign sources, and frames around the page. */
export const everyPage: Headers = {
  ...everyReply,
  'content-security-policy': ["default-src 'none'", "script-src 'self'", "style-src 'self'",
    "img-src 'self' data: blob:", "connect-src 'self'", "font-src 'self'", "manifest-src 'self'", "worker-src 'self'",
    "frame-src 'self'", "form-action 'self'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'none'",
    "require-trusted-types-for 'script'", 'trusted-types default dompurify worker'].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-frame-options': 'DENY',
}

/** Of scripts and style sheets: what else a page is sent with counts for documents alone, and is long. */
export const everyBundle: Headers = { ...everyReply, 'cross-origin-resource-policy': 'same-origin' }

/** Where the built pages have their bundles. Their names contain a hash of their content. */
export const hashedFiles = '/assets/built/'
export const forEver = 'public, max-age=31536000, immutable'
/**
 * The frame that draws diagrams (static/assets/chat/diagram.html). mermaid writes inline styles, so only this document
 * may have them. It may load nothing but scripts of this server, and it may send nothing anywhere.
 */
const diagramFrame: Headers = {
  ...everyPage,
  'content-security-policy': ["default-src 'none'", "script-src 'self'", "style-src 'unsafe-inline'",
    "form-action 'none'", "base-uri 'none'", "object-src 'none'", "frame-ancestors 'self'"].join('; '),
  'x-frame-options': 'SAMEORIGIN',
}

export const diagramFramePath = '/assets/chat/diagram.html'

/** The headers of a file of `static/`. @param path its address */
export function headersOfFile (path: string): Headers {
  return path === diagramFramePath ? diagramFrame : everyPage
}
