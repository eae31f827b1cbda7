// Loaded with the first PDF that is sent as text.
export { getDocument, PDFWorker } from 'pdfjs-dist'
