// The program with which Node merges one JSON file into another. The scripts run it where Node is there; it runs on
// any Node, and needs no module: standard input has the old text, a record separator and the patch. It ends with 3
// if the file cannot be merged without a loss: comments, escapes and numbers that JSON would write differently, or a
// value of another type in the way.
export const mergeJs = String.raw`'use strict'
const stop = why => { process.stderr.write(why); process.exit(3) }
const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value)
const own = (object, key) => Object.prototype.hasOwnProperty.call(object, key)
const put = (object, key, value) => Object.defineProperty(object, key,
  { value, enumerable: true, configurable: true, writable: true })
const squeeze = text => text.replace(/"(?:[^"\\]|\\.)*"|\s+/g, part => part[0] === '"' ? part : '')

function same (a, b) {
  if (!isObject(a) || !isObject(b)) return false
  const key = b.id === undefined ? 'name' : 'id'
  return b[key] !== undefined && a[key] === b[key] && (a.baseUrl === undefined || a.baseUrl === b.baseUrl)
}

function merge (a, b, path) {
  if (a === undefined || a === null) return b
  if (Array.isArray(a) && Array.isArray(b)) {
    const kept = a.map(each => b.find(other => same(each, other)) || each)
    return kept.concat(b.filter(each => !kept.includes(each)))
  }
  if (isObject(a) && isObject(b)) {
    const result = {}
    for (const key of Object.keys(a)) put(result, key, a[key])
    for (const key of Object.keys(b)) {
      put(result, key, merge(own(a, key) ? a[key] : undefined, b[key], path + '/' + key))
    }
    return result
  }
  if (typeof a === 'object' || typeof b === 'object') stop('the value at ' + (path || '/') + ' has another type')
  return b
}

function run (text, patch) {
  let old
  if (text.trim() !== '') {
    try { old = JSON.parse(text) } catch (error) { stop('it is not plain JSON (comments?)') }
    if (squeeze(text) !== JSON.stringify(old)) stop('JSON would write its values in another way')
  }
  const indent = /^([ \t]+)\S/m.exec(text)
  const end = text === '' || /\n$/.test(text) ? '\n' : ''
  const result = JSON.stringify(merge(old, JSON.parse(patch), ''), null, indent ? indent[1] : 2) + end
  process.stdout.write(/\r\n/.test(text) ? result.replace(/\n/g, '\r\n') : result)
}

const pieces = []
process.stdin.on('data', piece => { pieces.push(piece) })
process.stdin.on('end', () => {
  const bytes = Buffer.concat(pieces)
  const input = bytes.toString('utf8')
  if (!Buffer.from(input, 'utf8').equals(bytes)) stop('it is not UTF-8')
  const at = input.lastIndexOf('\x1e')
  run(input.slice(0, at), input.slice(at + 1))
})
`
