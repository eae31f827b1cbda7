// What the chat page's one Markdown sink needs.
export { Lexer, Marked } from 'marked'
export { default as DOMPurify } from 'dompurify'
