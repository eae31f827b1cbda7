// What the chat page's one Markdown sink needs.
export { Marked } from 'marked'
export { default as DOMPurify } from 'dompurify'
