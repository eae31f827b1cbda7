// Formats the witness's list of questions and its report, for a terminal or an issue.
import type { Question, Report } from './question.ts'

export function renderList (asked: readonly Question[]): string[] {
  const free = asked.filter(({ cost }) => cost === 'free').length
  const width = Math.max(...asked.map(({ id }) => id.length))
  return [
    ...asked.map(({ id, asks, cost }) =>
      `${id.padEnd(width)}  ${asks}; ${cost === 'free' ? 'a free model answers' : 'costs nothing'}`
    ),
    '',
    `${asked.length} requests, ${free} of them answered by a free model in at most 256 tokens. On a paid seat they `
    + `cost nothing;`,
    'on Copilot Free each answer counts against the chat quota.',
  ]
}

export function renderReport ({ version, day, asked, holds, differs, skipped, new: news }: Report): string[] {
  return [
    `copilot-proxy ${version}, ${day}: ${asked.length} questions, ${holds.length} facts hold, `
    + `${differs.length} differ.`,
    ...differs.flatMap((
      { fact, says, spec, seen },
    ) => ['', `differs  ${fact}`, `  spec: ${says} (${spec})`, `  seen: ${seen}`]),
    ...skipped.map(({ question, why }) => `skipped  ${question}: ${why}`),
    ...section('New models', news.models),
    ...section('New fields', news.fields),
    ...section('New headers', news.headers),
    '',
    'The report holds names and types only. Please attach it to an issue when something differs or is new.',
  ]
}

function section (title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map(line => `  ${line}`)]
}
