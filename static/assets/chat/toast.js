// A short notice with one button, such as Undo. It stays while the pointer or the focus is on it.
import { h } from '../lib/dom.js'

const shownMs = 10_000

/**
 * Shows a notice in the place of the one before.
 * @param {HTMLElement} place
 */
export function createToast (place) {
  /** @type {(() => void) | null} */
  let end = null
  return {
    /**
     * @param {{
     *   text: string, button: string, onButton: () => void, onEnd: () => void,
     * }} notice `onEnd`: it is gone, and nobody pressed the button
     */
    show ({ text, button, onButton, onEnd }) {
      end?.()
      /** @type {ReturnType<typeof setTimeout>} */
      let timer = setTimeout(() => close(onEnd), shownMs)
      const hold = () => clearTimeout(timer)
      const release = () => {
        clearTimeout(timer)
        timer = setTimeout(() => close(onEnd), shownMs)
      }
      const element = h('div', { class: 'toast', onmouseenter: hold, onmouseleave: release, onfocusin: hold,
        onfocusout: release }, h('span', { role: 'status' }, text),
        h('button', { type: 'button', class: 'quiet small', onclick: () => close(onButton) }, button))
      place.replaceChildren(element)
      end = () => close(onEnd)
      /** @param {() => void} then */
      function close (then) {
        clearTimeout(timer)
        end = null
        element.remove()
        then()
      }
    },
    /** Ends the notice, as after its time. */
    end: () => end?.(),
  }
}
