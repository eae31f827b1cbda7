// Loaded with the first formula.
export { renderToString } from 'katex'
