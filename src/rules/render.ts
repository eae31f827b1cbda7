// Writes the tables as markdown for docs/spec/copilot.md#rules. `npm run docs` puts them there.
import { ruleTables } from './chosen.ts'
import type { Endpoint, Rule } from './rule.ts'

const titles: Readonly<Record<Endpoint, string>> = { '/chat/completions': 'Chat Completions', '/responses': 'Responses',
  '/v1/messages': 'Messages' }

export function renderRules (): string {
  return (Object.keys(titles) as Endpoint[]).map(endpoint =>
    [`#### ${titles[endpoint]}`, '', '| Rule | Models | What goes upstream | Fix | Loses | When | Source |',
      '|---|---|---|---|---|---|---|', ...ruleTables[endpoint].map(row)].join('\n')
  ).join('\n\n') + '\n'
}

function row ({ id, models, what, fix, loses, when, source }: Rule): string {
  return `| \`${id}\` | ${models} | ${cell(what)} | ${fix} | ${loses} | ${when} | ${source.mark}: ${
    cell(source.reference)
  } |`
}

function cell (text: string): string {
  return text.replaceAll('|', '\\|')
}
