// The pages' whole framework: it makes elements, and puts text into them as text, never as HTML.
/** @import { ElementsById } from '../elements.d.ts' */

/** @typedef {Node | string | null | undefined | false} Child */
/**
 * @typedef {string | boolean | null | undefined | Readonly<Record<string, string>> | ((event: Event) => unknown)} Prop
 */

const svg = 'http://www.w3.org/2000/svg'

/**
 * Makes an element. A function is a listener for the event that its name gives after `on`, an object is the `dataset`,
 * a boolean is an attribute that is there or not. Null, undefined and false are left out.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {{ readonly [name: string]: Prop }} [props]
 * @param {...(Child | readonly Child[])} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h (tag, props = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined || value === false) continue
    if (typeof value === 'function') element.addEventListener(name.slice(2), value)
    else if (typeof value === 'object') Object.assign(element.dataset, value)
    else if (name === 'value' && 'value' in element) Object.assign(element, { value })
    else element.setAttribute(name, value === true ? '' : value)
  }
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) element.append(child)
  }
  return element
}

/**
 * Why a part of a page has no content.
 * @param {string} message
 */
export function failure (message) {
  return h('div', { class: 'banner bad' }, icon('warn'), h('p', {}, message))
}

/**
 * For a dialog that is in the page only while it is open.
 * @param {HTMLDialogElement} dialog
 */
export function openDialog (dialog) {
  dialog.addEventListener('close', () => dialog.remove())
  document.body.append(dialog)
  dialog.showModal()
}

/**
 * Lets the buttons of a dialog that have `data-close` close it.
 * @param {HTMLDialogElement} dialog
 */
export function closeByButtons (dialog) {
  for (const button of dialog.querySelectorAll('[data-close]')) button.addEventListener('click', () => dialog.close())
}

/**
 * @template {keyof ElementsById} Id
 * @param {Id} id
 * @returns {ElementsById[Id]}
 */
export function byId (id) {
  // A cast, because the DOM knows no ids: a test compares `ElementsById` with the HTML.
  return /** @type {ElementsById[Id]} */ (/** @type {unknown} */ (document.getElementById(id)))
}

/**
 * @param {HTMLElement} element
 * @param {boolean} isShown
 */
export function show (element, isShown) {
  element.hidden = !isShown
}

/**
 * Drawn in the colour of the text. Screen readers skip it: a text next to it has the same meaning.
 * @param {keyof typeof paths} name
 */
export function icon (name) {
  const element = document.createElementNS(svg, 'svg')
  for (const [key, value] of Object.entries({ class: 'icon', viewBox: '0 0 16 16', 'aria-hidden': 'true',
    focusable: 'false' })) {
    element.setAttribute(key, value)
  }
  const path = document.createElementNS(svg, 'path')
  path.setAttribute('d', paths[name])
  element.append(path)
  return element
}

const paths = {
  check: 'M3 8.5 6.5 12 13 4.5',
  cross: 'M4 4l8 8M12 4l-8 8',
  copy: 'M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z',
  open: 'M9 2.5h4.5V7M13.5 2.5 7.5 8.5M11.5 9.5v4h-9v-9h4',
  retry: 'M13 8a5 5 0 1 1-1.6-3.7M13 2v3h-3',
  edit: 'M3 13l.8-3L10.5 3.3l2.2 2.2L6 12.2zM9 5l2 2',
  trash: 'M3 4.5h10M6.5 4V2.5h3V4M4.5 4.5l.6 9h5.8l.6-9',
  send: 'M8 13.5v-11M3.5 7 8 2.5 12.5 7',
  stop: 'M4.5 4.5h7v7h-7z',
  plus: 'M8 3v10M3 8h10',
  menu: 'M2.5 4.5h11M2.5 8h11M2.5 11.5h11',
  more: 'M3.5 8h.01M8 8h.01M12.5 8h.01',
  pin: 'M6 2.5h4M6.5 2.5v4L4 9.5h8l-2.5-3v-4M8 9.5v4',
  tag: 'M2.5 2.5h5.2l5.8 5.8-5.2 5.2-5.8-5.8zM5.2 5.2h.01',
  sliders: 'M2.5 5h5M11 5h2.5M2.5 11H5M8.5 11h5M9.2 3.2v3.6M6.8 9.2v3.6',
  down: 'M8 2.5v11M3.5 9 8 13.5 12.5 9',
  chevron: 'M4 6l4 4 4-4',
  sun: 'M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 0 0 0-5.6zM8 1.2v1.4M8 13.4v1.4M1.2 8h1.4M13.4 8h1.4M3.2 3.2l1 1M11.8 '
    + '11.8l1 1M3.2 12.8l1-1M11.8 4.2l1-1',
  moon: 'M13 9.6A5.6 5.6 0 0 1 6.4 3a5.6 5.6 0 1 0 6.6 6.6z',
  auto: 'M8 2.5a5.5 5.5 0 1 0 0 11zM8 2.5a5.5 5.5 0 0 1 0 11',
  eye: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6z',
  globe:
    'M8 2a6 6 0 1 0 0 12A6 6 0 0 0 8 2zM2 8h12M8 2c2 1.6 2.6 3.7 2.6 6S10 12.4 8 14c-2-1.6-2.6-3.7-2.6-6S6 3.6 8 2z',
  warn: 'M8 2.2 14.5 13.5h-13zM8 6.5v3.2M8 11.5v.3',
}
