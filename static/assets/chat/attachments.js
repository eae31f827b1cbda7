// Turns what the user pastes, drops or picks into what a message can carry. It shrinks pictures that are too large, and
// refuses with a reason what cannot be sent.
import { bytes, compact } from '../lib/format.js'
import { t } from '../lib/text.js'
import { newId } from './conversation.js'
import { kindOf } from './documents/kind.js'
import { maxTextChars, Unreadable } from './documents/limits.js'
import { takesPdf, visionOf } from './models.js'
/** @import { Attachment, Model } from '../types.d.ts' */

/**
 * @typedef {{ file: Attachment, note?: string, problem?: undefined } | { problem: string, file?: undefined, note?:
 * undefined }} Outcome
 */

/** The most that goes to a model as a PDF. Of a larger one the text is sent. */
const maxPdfBytes = 6_291_456
const longestSide = 2_048
/** A rule of thumb for English, to warn of a file that cannot fit. */
const charsPerToken = 4

/**
 * @param {Blob} blob
 * @param {Model} model
 * @param {readonly Attachment[]} already the attachments that the message has already
 * @returns {Promise<Outcome>} `note` says how the file was changed
 */
export async function readAttachment (blob, model, already) {
  const isImage = blob.type.startsWith('image/') && blob.type !== 'image/svg+xml'
  const name = (blob instanceof File ? blob.name : '') || t(isImage ? 'chat.file.picture' : 'chat.file.unnamed')
  try {
    if (blob.size === 0) throw new Unreadable('chat.file.empty')
    if (isImage) return await readImage(blob, name, model, already)
    const found = await kindOf(blob)
    if (found !== null && 'problem' in found) throw new Unreadable(found.problem)
    if (found?.kind === 'pdf' && takesPdf(model) && blob.size <= maxPdfBytes) {
      return { file: await toFile('pdf', new window.Blob([blob], { type: 'application/pdf' }), name) }
    }
    return found === null ? await readText(blob, name, model) : await readWords(blob, name, found.kind, model)
  } catch (thrown) {
    const { reason, values } = thrown instanceof Unreadable ? thrown : new Unreadable('chat.file.damaged')
    return { problem: t('chat.file.problem', { name, problem: t(reason, values) }) }
  }
}

/**
 * Why this model cannot take these, or null. The user may change the model after attaching something.
 * @param {readonly Attachment[]} attachments
 * @param {Model} model
 */
export function problemOfAttachments (attachments, model) {
  const vision = visionOf(model)
  const images = attachments.filter(({ kind }) => kind === 'image').length
  const name = model.name ?? model.id
  if (images > 0 && vision === null) return t('chat.file.images.off', { model: name })
  if (vision !== null && images > vision.count) {
    return [t('chat.file.images', { model: name, count: vision.count }),
      t('chat.file.images.over', { count: images - vision.count })].join(' ')
  }
  if (attachments.some(({ kind }) => kind === 'pdf') && !takesPdf(model)) {
    return t('chat.file.pdf.off', { model: name })
  }
  return null
}

/**
 * @param {Blob} blob
 * @param {string} name
 * @param {Model} model
 * @param {readonly Attachment[]} already
 * @returns {Promise<Outcome>}
 */
async function readImage (blob, name, model, already) {
  const vision = visionOf(model)
  const modelName = model.name ?? model.id
  if (vision === null) return { problem: t('chat.file.images.none', { model: modelName }) }
  if (already.filter(({ kind }) => kind === 'image').length >= vision.count) {
    return { problem: t('chat.file.images', { model: modelName, count: vision.count }) }
  }
  if (vision.types.includes(blob.type) && blob.size <= vision.bytes && await isPicture(blob)) {
    return { file: await toFile('image', blob, name) }
  }
  const smaller = await shrink(blob, vision.bytes).catch(() => null)
  if (smaller === null) throw new Unreadable('chat.file.picture.unknown', { type: blob.type })
  if (smaller.size > vision.bytes) throw new Unreadable('chat.file.picture.large', { most: bytes(vision.bytes) })
  return { file: await toFile('image', smaller, name),
    note: t('chat.file.shrunk', { name, from: bytes(blob.size), to: bytes(smaller.size) }) }
}

/** @param {Blob} blob */
function isPicture (blob) {
  return window.createImageBitmap(blob).then(picture => {
    picture.close()
    return true
  }, () => false)
}

/**
 * The words of a document.
 * @param {Blob} blob
 * @param {string} name
 * @param {import('./documents/kind.js').Kind} kind
 * @param {Model} model
 * @returns {Promise<Outcome>}
 */
async function readWords (blob, name, kind, model) {
  const { readDocument } = await import('./documents/read.js').catch(() => {
    throw new Unreadable('chat.file.unloaded')
  })
  const { text, pages, leftOut } = await readDocument(blob, kind)
  return withNotes(textFile(blob, name, text, { from: kind, pages }), model,
    leftOut === 0 ? [] : [`${name}: ${t('chat.file.leftOut', { count: leftOut })}`])
}

/**
 * Any file that decodes as UTF-8, or as UTF-16 with its mark, is text, whatever its name.
 * @param {Blob} blob
 * @param {string} name
 * @param {Model} model
 * @returns {Promise<Outcome>}
 */
async function readText (blob, name, model) {
  if (/^(?:audio|video)\//.test(blob.type)) throw new Unreadable('chat.file.media')
  if (blob.size > 4 * maxTextChars) throw new Unreadable('chat.file.long', { most: maxTextChars })
  const data = new Uint8Array(await blob.arrayBuffer())
  let text
  try {
    text = new TextDecoder(encodingOf(data), { fatal: true }).decode(data)
  } catch {
    throw new Unreadable('chat.file.unreadable')
  }
  if (text.includes('\0')) throw new Unreadable('chat.file.unreadable')
  if (text.length > maxTextChars) throw new Unreadable('chat.file.long', { most: maxTextChars })
  return withNotes(textFile(blob, name, text, {}), model, [])
}

/** @param {Uint8Array} data */
function encodingOf ([first, second]) {
  return first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8'
}

/**
 * @param {Blob} blob
 * @param {string} name
 * @param {string} text
 * @param {Pick<Attachment, 'from' | 'pages'>} source
 * @returns {Attachment}
 */
function textFile (blob, name, text, source) {
  return { id: newId(), kind: 'text', name, type: 'text/plain', size: blob.size, chars: text.length, ...source,
    data: text }
}

/**
 * @param {Attachment} file
 * @param {Model} model
 * @param {string[]} notes
 * @returns {Outcome}
 */
function withNotes (file, model, notes) {
  const tokens = Math.round((file.chars ?? 0) / charsPerToken)
  const most = model.max_input_tokens ?? model.context_length ?? Infinity
  if (tokens > most) {
    notes.push(
      `${file.name}: ${
        t('chat.file.fits', { model: model.name ?? model.id, most: compact(most), tokens: compact(tokens) })
      }`,
    )
  }
  return notes.length === 0 ? { file } : { file, note: notes.join(' ') }
}

/**
 * @param {'image' | 'pdf'} kind
 * @param {Blob} blob
 * @param {string} name
 * @returns {Promise<Attachment>}
 */
async function toFile (kind, blob, name) {
  return { id: newId(), kind, name, type: blob.type, size: blob.size, data: await toDataUrl(blob) }
}

/**
 * @param {Blob} blob
 * @returns {Promise<string>}
 */
function toDataUrl (blob) {
  return new Promise((resolve, reject) => {
    const reader = new window.FileReader()
    reader.onload = () => resolve(String(reader.result))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(blob)
  })
}

/**
 * Makes a JPEG, first of the size that models scale to anyway, then smaller until it fits.
 * @param {Blob} blob
 * @param {number} maxBytes
 */
async function shrink (blob, maxBytes) {
  const picture = await window.createImageBitmap(blob)
  const canvas = document.createElement('canvas')
  /** @type {Blob | null} */
  let result = null
  for (let side = Math.min(longestSide, Math.max(picture.width, picture.height)); side >= 256; side *= 0.7) {
    const scale = side / Math.max(picture.width, picture.height)
    canvas.width = Math.max(1, Math.round(picture.width * scale))
    canvas.height = Math.max(1, Math.round(picture.height * scale))
    const context = canvas.getContext('2d')
    if (context === null) return null
    context.fillStyle = '#fff'
    context.fillRect(0, 0, canvas.width, canvas.height)
    context.drawImage(picture, 0, 0, canvas.width, canvas.height)
    result = await new Promise(resolve => {
      canvas.toBlob(resolve, 'image/jpeg', 0.86)
    })
    if (result !== null && result.size <= maxBytes) break
  }
  return result
}
