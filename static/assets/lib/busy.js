// One press, one request: a button is out of order until its work is done.

export async function busy (button, work) {
  if (button.getAttribute('aria-busy') === 'true') return
  button.setAttribute('aria-busy', 'true')
  button.disabled = true
  const hadFocus = document.activeElement === button
  try { return await work() } finally {
    button.removeAttribute('aria-busy')
    button.disabled = false
    if (hadFocus && document.activeElement === document.body) button.focus()
  }
}
