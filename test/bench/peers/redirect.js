// Loaded before a peer that has GitHub's and Copilot's addresses built in: its `fetch` asks the bench's upstream.
const upstream = process.env.BENCH_UPSTREAM
const real = globalThis.fetch

globalThis.fetch = (input, init) => {
  const url = new URL(typeof input === 'object' && 'url' in input ? input.url : input)
  return real(url.protocol === 'https:' ? `${upstream}${url.pathname}` : input, init)
}
