// Work that waits until the reader comes near an element, and that leaves time for the frames of the browser.

/** The distance at which the work begins: about two screens. */
const margin = '1600px 0px'
const frameMs = 5

/** @param {HTMLElement} scroller */
export function createNearby (scroller) {
  /** @type {Map<Element, () => void>} */
  let waiting = new Map()
  /** @type {Set<Element>} */
  let near = new Set()
  let isPlanned = false
  const observer = new window.IntersectionObserver(entries => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) near.add(target)
      else near.delete(target)
    }
    plan()
  }, { root: scroller, rootMargin: margin })
  return {
    /**
     * @param {Element} element
     * @param {() => void} work done once
     */
    when (element, work) {
      waiting.set(element, work)
      observer.observe(element)
    },
    clear () {
      observer.disconnect()
      waiting = new Map()
      near = new Set()
    },
  }

  function plan () {
    if (isPlanned || near.size === 0) return
    isPlanned = true
    window.requestAnimationFrame(() => {
      isPlanned = false
      const endAt = performance.now() + frameMs
      for (const element of near) {
        const work = waiting.get(element)
        forget(element)
        work?.()
        if (performance.now() >= endAt) break
      }
      plan()
    })
  }

  /** @param {Element} element */
  function forget (element) {
    observer.unobserve(element)
    waiting.delete(element)
    near.delete(element)
  }
}
