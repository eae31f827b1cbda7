// Not a module: it runs before the first paint, so that the page does not flash in the wrong theme or language.
try {
  const chosen = window.localStorage.getItem('copilot-proxy.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
  const language = window.localStorage.getItem('copilot-proxy.language') ?? navigator.language
  if (!language.startsWith('en')) document.documentElement.dataset.wait = ''
} catch { /* storage may be off */ }
