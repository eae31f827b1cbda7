// The model's answer when it calls no tool: plain Markdown that shows that it read the question.
import type { Ask } from './ask.ts'

export function reply (ask: Ask, prompt: string): string {
  const parts = [`## Hello from ${ask.model.name}`, `You wrote:\n\n${quote(prompt === '' ? '(nothing)' : prompt)}`,
    `What I know about this request:\n\n${facts(ask).map(fact => `- ${fact}`).join('\n')}`]
  if (ask.images.length > 0) parts.push(seen(ask))
  if (/\b(?:code|function|script|javascript|typescript|python|program)\b/i.test(prompt)) parts.push(code(prompt))
  parts.push('No model was asked: this is the emulator – ✓ free of charge.')
  return parts.join('\n\n')
}

export function answerWith (results: readonly string[]): string {
  const heading = results.length === 1 ? 'The tool says:' : `The ${results.length} tools say:`
  return `${heading}\n\n${results.map(quote).join('\n\n')}\n\nThat is all I needed.`
}

function facts (ask: Ask): string[] {
  return [`model \`${ask.model.id}\` of ${ask.model.vendor}`,
    `${ask.turns} message${ask.turns === 1 ? '' : 's'}, ${ask.tools.length} tool${ask.tools.length === 1 ? '' : 's'}`,
    ask.stream ? 'the answer is **streamed**' : 'the answer comes **whole**']
}

function seen ({ images }: Ask): string {
  const count = `I see ${images.length} image${images.length === 1 ? '' : 's'}:`
  return `${count}\n\n${
    images.map(({ mediaType, bytes }) => `- ${mediaType}, ${bytes === null ? 'size unknown' : `${bytes} bytes`}`).join(
      '\n',
    )
  }`
}

function code (prompt: string): string {
  return /python/i.test(prompt)
    ? 'A little code:\n\n```python\ndef greet(name: str) -> str:\n    return f"Hello, {name}!"\n```'
    : 'A little code:\n\n```js\nfunction greet (name) {\n  return `Hello, ${name}!`\n}\n```'
}

function quote (words: string): string {
  return words.slice(0, 2000).split('\n').map(line => `> ${line}`.trimEnd()).join('\n')
}
