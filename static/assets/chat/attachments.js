// Turns what the user pastes, drops or picks into what a message can carry. It shrinks pictures that are too large, and
// refuses with a reason what cannot be sent.
import { bytes } from '../lib/format.js'
import { newId } from './conversation.js'
import { takesPdf, visionOf } from './models.js'
/** @import { Attachment, Model } from '../types.d.ts' */

/**
 * @typedef {{ file: Attachment, note?: string, problem?: undefined } | { problem: string, file?: undefined, note?:
 * undefined }} Outcome
 */

const maxTextBytes = 1_048_576
const maxPdfBytes = 6_291_456
const longestSide = 2_048

/**
 * @param {Blob} blob
 * @param {Model} model
 * @param {readonly Attachment[]} already the attachments that the message has already
 * @returns {Promise<Outcome>} `note` says how the file was changed
 */
export async function readAttachment (blob, model, already) {
  const name = (blob instanceof File ? blob.name : '') || (blob.type.startsWith('image/') ? 'picture' : 'file')
  if (blob.size === 0) return { problem: `${name} is empty.` }
  if (blob.type.startsWith('image/')) return readImage(blob, name, model, already)
  if (blob.type === 'application/pdf' || /\.pdf$/i.test(name)) return readPdf(blob, name, model)
  return readText(blob, name)
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
  if (images > 0 && vision === null) return `${name} cannot see images. Choose a model with images, or remove them.`
  if (vision !== null && images > vision.count) {
    return `${name} sees ${imageCount(vision.count)} at a time. Remove ${images - vision.count}.`
  }
  if (attachments.some(({ kind }) => kind === 'pdf') && !takesPdf(model)) {
    return `${name} takes no PDFs. Choose one that does, or attach the text.`
  }
  return null
}

/** @param {number} count */
function imageCount (count) {
  return count === 1 ? 'one image' : `${count} images`
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
  if (vision === null) return { problem: `${model.name ?? model.id} cannot see images. Choose a model that can.` }
  if (already.filter(({ kind }) => kind === 'image').length >= vision.count) {
    return { problem: `${model.name ?? model.id} sees ${imageCount(vision.count)} at a time.` }
  }
  if (vision.types.includes(blob.type) && blob.size <= vision.bytes) return { file: await toFile('image', blob, name) }
  const smaller = await shrink(blob, vision.bytes).catch(() => null)
  if (smaller === null) return { problem: `${name} is no picture that this browser can read (${blob.type}).` }
  if (smaller.size > vision.bytes) {
    return { problem: `${name} is larger than ${bytes(vision.bytes)}, the most this model takes.` }
  }
  return { file: await toFile('image', smaller, name),
    note: `${name} was made smaller: ${bytes(blob.size)} to ${bytes(smaller.size)}.` }
}

/**
 * @param {Blob} blob
 * @param {string} name
 * @param {Model} model
 * @returns {Promise<Outcome>}
 */
async function readPdf (blob, name, model) {
  if (!takesPdf(model)) {
    return {
      problem: `${
        model.name ?? model.id
      } takes no PDFs. Choose a model that does, such as a Claude, or attach the text.`,
    }
  }
  if (blob.size > maxPdfBytes) return { problem: `${name} is larger than ${bytes(maxPdfBytes)}.` }
  return { file: await toFile('pdf', new window.Blob([blob], { type: 'application/pdf' }), name) }
}

/**
 * Any file that decodes as UTF-8 is text, whatever its name.
 * @param {Blob} blob
 * @param {string} name
 * @returns {Promise<Outcome>}
 */
async function readText (blob, name) {
  if (blob.size > maxTextBytes) {
    return { problem: `${name} is larger than ${bytes(maxTextBytes)}; a model could not read it all.` }
  }
  let text
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await blob.arrayBuffer())
  } catch {
    return { problem: `${name} is neither text, an image nor a PDF.` }
  }
  if (text.includes('\0')) return { problem: `${name} is neither text, an image nor a PDF.` }
  return { file: { id: newId(), kind: 'text', name, type: 'text/plain', size: blob.size, data: text } }
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
