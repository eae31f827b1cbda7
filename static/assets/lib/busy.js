// One press, one request: a button is disabled until its work is done.

/**
 * @template Result
 * @param {HTMLButtonElement} button
 * @param {() => Promise<Result>} work
 */
export async function busy (button, work) {
  if (button.getAttribute('aria-busy') === 'true') return undefined
  button.setAttribute('aria-busy', 'true')
  button.disabled = true
  const hadFocus = document.activeElement === button
  try {
    return await work()
  } finally {
    button.removeAttribute('aria-busy')
    button.disabled = false
    if (hadFocus && document.activeElement === document.body) button.focus()
  }
}
