// The half of PDF.js that parses. It runs in a thread of its own, or in the page.
export { WorkerMessageHandler } from 'pdfjs-dist/build/pdf.worker.mjs'
