// Which dollars are formulas. The module is pure, so Node runs it with marked.
import { Marked, type Token } from 'marked'
import t from 'tap'

const path: string = '../../static/assets/chat/formulas.js'
const { createFormulas } = await import(path) as { createFormulas: (escape: (text: string) => string) => object }
const marked = new Marked({ gfm: true }, createFormulas(text => text))

function formulas (text: string): string[] {
  const found: string[] = []
  void marked.walkTokens(marked.lexer(text), (token: Token) => {
    const { type, tex = '', isClosed = false } = token as { type: string, tex?: string, isClosed?: boolean }
    if (isClosed && type.startsWith('formula')) found.push(tex)
  })
  return found
}

t.test('prices, variables, templates and text in dollars are no formulas', async t => {
  for (const text of ['It costs $5 and $10.', 'From $5-$10 to $15–$20.', '$5/month, $6/month', 'US$5 and A$6',
    '$1,000 or $2,000', 'between $5k and $6k', 'I have $5, you have $6', 'costs 5$ or 10$', '$HOME/bin:$PATH',
    'echo $A $B', '${name} and ${other}', 'set $x and $y to z', '$AAPL and $MSFT rose', '$5.00 (was $6.00)',
    '($5) and ($6)', '$5 = five dollars, $6 = six', 'jQuery $("a") and $("b")', '$$', '$ $', 'a $ b $ c',
    'cash: $20, card: $30', '**$5** and **$6**', '$5 a day is not $6 a day', 'pay $100 to win $1000']) {
    t.same(formulas(text), [], text)
  }
})

t.test('what authors write between dollars is a formula', async t => {
  for (const tex of ['x', 'n', 'x^2', 'a_1', '\\alpha', 'E = mc^2', 'a + b', '2x', 'f(x)', 'O(n \\log n)', '-1', '3.14',
    'x < y', '\\$5', 'P(A|B)', "f'(x)", 'n!', '10^{-3}', '5 \\times 10^6', '\\{a, b\\}', 'a \\ne b']) {
    t.same(formulas(`Then $${tex}$ holds.`), [tex], tex)
  }
  t.same(formulas('($x$), $y$, and *$z$*.'), ['x', 'y', 'z'])
  t.same(formulas('It costs $5, and $x = 5$.'), ['x = 5'])
})

t.test('brackets of Markdown are no formulas, code is code, and a table may have formulas', async t => {
  for (const text of ['\\[1\\] Smith', '\\[draft\\]', '`\\(a\\)` and `$x$`', '```\n\\(a\\)\n$x$\n```', '    $x$',
    '\\\\(a\\\\)', '\\$x\\$', 'a regex \\( that never closes', '<https://a.example/$x$>']) {
    t.same(formulas(text), [], text)
  }
  t.same(formulas('| a | b |\n|---|---|\n| $x$ | \\(y\\) |'), ['x', 'y'])
  t.same(formulas('- \\(a\\)\n- text\n\n> \\[\n> b = c\n> \\]'), ['a', 'b = c'])
})

t.test('the raw texts of the tokens add up to the text', async t => {
  for (const text of ['a\n\\[\nx\n\\]\nb', '$$x$$ and more\n\nc', 'x\n\n[^1]: a\n  b\n[^2]: c\n\nd',
    '\\[\nnever closed\n\nnext']) {
    t.equal(marked.lexer(text).map(({ raw }) => raw).join(''), text)
  }
})
