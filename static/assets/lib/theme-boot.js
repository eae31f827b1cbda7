// Not a module: it runs before the first paint, so that the page does not flash in the wrong theme.
try {
  const chosen = window.localStorage.getItem('copilot-proxy.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch { /* storage may be off */ }
