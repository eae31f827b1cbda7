// Elements as Markdown blocks: headings, lists, tables and paragraphs. For models, so it escapes nothing.

/**
 * @param {ParentNode} root
 * @returns {string[]}
 */
export function toMarkdown (root) {
  return [...root.children].map(blockOf).filter(block => block !== '')
}

/**
 * @param {Element} element
 * @returns {string}
 */
function blockOf (element) {
  const tag = element.tagName
  if (/^H[1-6]$/.test(tag)) return `${'#'.repeat(Number(tag[1]))} ${wordsOf(element)}`
  if (tag === 'UL' || tag === 'OL') return listOf(element, '')
  if (tag === 'TABLE') return tableOf(element)
  return wordsOf(element)
}

/**
 * @param {Element} list
 * @param {string} indent
 * @returns {string}
 */
function listOf (list, indent) {
  return [...list.children].map((item, at) => {
    const inner = [...item.children].filter(({ tagName }) => tagName === 'UL' || tagName === 'OL')
    for (const one of inner) one.remove()
    const mark = list.tagName === 'OL' ? `${at + 1}.` : '-'
    return [`${indent}${mark} ${wordsOf(item)}`, ...inner.map(one => listOf(one, `${indent}   `))].join('\n')
  }).join('\n')
}

/** @param {Element} table */
function tableOf (table) {
  const rows = [...table.querySelectorAll('tr')].map(row =>
    `| ${[...row.children].map(cell => wordsOf(cell).replaceAll('|', '\\|')).join(' | ')} |`
  )
  const columns = table.querySelector('tr')?.children.length ?? 1
  rows.splice(1, 0, `|${' --- |'.repeat(columns)}`)
  return rows.join('\n')
}

/** @param {Element} element */
function wordsOf (element) {
  return [...element.childNodes].map(node =>
    node.nodeName === 'BR' || node.nodeName === 'P' ? `${node.textContent ?? ''} ` : node.textContent ?? ''
  ).join('').replace(/\s+/g, ' ').trim()
}
