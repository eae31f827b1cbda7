// Loaded with the first block of code.
export { default as hljs } from '@highlightjs/cdn-assets/es/highlight.min.js'
