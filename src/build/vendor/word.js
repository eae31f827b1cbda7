// Loaded with the first Word document.
export { convertToHtml, images } from 'mammoth'
