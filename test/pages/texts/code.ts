// Finds texts in the code of the pages that a person might read and no catalogue has: every string that looks like
// words, unless its place shows that no page shows it.
import ts from 'typescript'

/** Two words, a sentence, or one word with a capital. */
const words = /\p{L}{2,} \p{L}|\p{L}{3,}[.!?…:]$|^\p{Lu}\p{Ll}{2,}$/u
/** Calls whose strings are for the browser. */
const forBrowser =
  /^(?:querySelector|querySelectorAll|closest|matches|locator|getItem|setItem|removeItem|matchMedia|getAttribute)$/
const properties = new Set(['class', 'd', 'id', 'role', 'type', 'name', 'autocomplete', 'accept', 'key', 'code', 'rel',
  'target', 'themeCSS'])
const tag = /<[^<>]*>/g

/** @returns `line: text` for each */
export function textsIn (path: string, source: string): string[] {
  const file = ts.createSourceFile(path, source, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS)
  const found: string[] = []
  const visit = (node: ts.Node): void => {
    const text = textOf(node)
    if (text !== null && words.test(text.replaceAll(tag, '').trim()) && !isForCode(node)) {
      found.push(`${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${text}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(file)
  return found
}

function textOf (node: ts.Node): string | null {
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text
  if (!ts.isTemplateExpression(node)) return null
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('')
}

function isForCode (node: ts.Node): boolean {
  const { parent } = node
  if (ts.isConditionalExpression(parent) && parent.condition !== node || ts.isParenthesizedExpression(parent)
    || ts.isTemplateSpan(parent) || ts.isTemplateExpression(parent)) return isForCode(parent)
  if (ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isCaseClause(parent)) return true
  if (ts.isElementAccessExpression(parent)) return true
  if (ts.isBinaryExpression(parent)) {
    return /^[=!]==$/.test(parent.operatorToken.getText())
      || ts.isPropertyAccessExpression(parent.left) && properties.has(parent.left.name.text)
  }
  if (ts.isPropertyAssignment(parent)) return parent.name === node || properties.has(nameOf(parent.name))
  if (ts.isArrayLiteralExpression(parent) && isMethodOf(parent, /^(?:includes|some|has)$/)) return true
  if (ts.isCallExpression(parent)) {
    return forBrowser.test(calledName(parent)) || isComparison(parent) || setsProperty(parent)
  }
  // A mistake of the code itself, which the console shows. What a person reads is a sentence.
  return ts.isNewExpression(parent) && /Error$|^DOMException$/.test(parent.expression.getText())
    && !/[.?]$/.test(textOf(node) ?? '')
}

function isMethodOf (node: ts.Node, name: RegExp): boolean {
  return ts.isPropertyAccessExpression(node.parent) && name.test(node.parent.name.text)
}

function setsProperty (call: ts.CallExpression): boolean {
  const [name] = call.arguments
  return calledName(call) === 'setAttribute' && name !== undefined && properties.has(textOf(name) ?? '')
}

function isComparison (call: ts.CallExpression): boolean {
  return /^(?:startsWith|endsWith|includes|has|split|replace|replaceAll|test)$/.test(calledName(call))
}

function calledName ({ expression }: ts.CallExpression): string {
  return ts.isPropertyAccessExpression(expression) ? expression.name.text : expression.getText()
}

function nameOf (name: ts.PropertyName): string {
  return ts.isIdentifier(name) || ts.isStringLiteral(name) ? name.text : ''
}
