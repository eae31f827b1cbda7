// Not a module: runs before the first paint, so that a chosen theme does not flash.
try {
  const chosen = window.localStorage.getItem('copilot-proxy.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch { /* storage may be off */ }
