// npm run bench: what things cost, as a table and as JSON.
import { benchRender } from './render.ts'

const render = await benchRender()
const [half, whole] = render
const ratio = half === undefined || whole === undefined ? null : Math.round(100 * whole.workMs / half.workMs) / 100
for (const { chunks, workMs, longestFrameMs } of render) console.log(`chat page, ${chunks} chunks: ${workMs.toFixed(0)} ms of script, longest frame ${longestFrameMs.toFixed(1)} ms`)
console.log(`twice the chunks cost ${ratio ?? '?'} times as much (at most 2.2), frames stay under 50 ms`)
console.log(JSON.stringify({ render, ratio }))
