// The part of highlight.js that the pages use. Its package for browsers has no types.
export interface Highlighter {
  getLanguage(name: string): object | undefined
  highlight(code: string, options: { language: string, ignoreIllegals: boolean }): { readonly value: string }
}

export const hljs: Highlighter
