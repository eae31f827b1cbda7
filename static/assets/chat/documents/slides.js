// The words of a PowerPoint presentation, slide by slide, with the speaker's notes. No well-kept library for browsers
// reads presentations; the words are in plain XML (ECMA-376, part 1, section 19 and 21).
import { XmlParser } from '/vendor/xml.js'
import { createText, Unreadable } from './limits.js'
import { readOffice } from './office.js'

const relationships = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'

/** @param {Uint8Array<ArrayBuffer>} bytes */
export async function readSlides (bytes) {
  const { files } = await readOffice('slides', bytes)
  /** @param {string} path */
  const open = path => {
    const file = files[path]
    return file === undefined ? null : new XmlParser().parseFromString(new TextDecoder().decode(file), 'text/xml')
  }
  const presentation = open('ppt/presentation.xml')
  if (presentation === null) throw new Unreadable('chat.file.damaged')
  const targets = targetsOf(open('ppt/_rels/presentation.xml.rels'))
  const paths = elements(presentation, 'sldId').map(slide =>
    `ppt/${targets.get(slide.getAttributeNS(relationships, 'id') ?? '')?.target ?? ''}`.replace('ppt//ppt/', 'ppt/')
  )
  const text = createText()
  let leftOut = 0
  paths.forEach((path, at) => {
    const slide = open(path)
    if (slide === null) return
    leftOut += elements(slide, 'pic').length
    text.add(`[Slide ${at + 1}]\n${linesOf(slide).join('\n')}`)
    const notes = [...targetsOf(open(path.replace('/slides/', '/slides/_rels/') + '.rels')).values()].find(({ type }) =>
      type.endsWith('/notesSlide')
    )
    const spoken = notes === undefined ? null : open(`ppt/notesSlides/${notes.target.split('/').pop() ?? ''}`)
    // The last line of the notes is the slide's number.
    const lines = spoken === null ? [] : linesOf(spoken).filter(line => line !== String(at + 1))
    if (lines.length > 0) text.add(`[Notes of slide ${at + 1}]\n${lines.join('\n')}`)
  })
  return { text: text.text(), pages: paths.length, leftOut }
}

/** @typedef {ReturnType<InstanceType<typeof XmlParser>['parseFromString']>} Xml */

/** @param {Xml | null} document */
function targetsOf (document) {
  return new Map(
    (document === null ? [] : elements(document, 'Relationship')).map(one => [one.getAttribute('Id') ?? '', {
      target: one.getAttribute('Target') ?? '',
      type: one.getAttribute('Type') ?? '',
    }]),
  )
}

/**
 * A paragraph is a line.
 * @param {Xml} document
 */
function linesOf (document) {
  return elements(document, 'p').map(paragraph =>
    [...paragraph.getElementsByTagNameNS('*', 't')].map(({ textContent }) => textContent ?? '').join('').trim()
  ).filter(line => line !== '')
}

/**
 * @param {Xml} document
 * @param {string} name
 */
function elements (document, name) {
  return [...document.getElementsByTagNameNS('*', name)]
}
