// Merges TOML where Python 3.11 or later has a parser for it. The text stays as it is, comments included: lines of the
// top level are replaced or put first, tables are added at the end. Then the parser has to see exactly the old settings
// with the new ones in them; otherwise it ends with 3. Standard input is that of `merge-js.ts`.
export const mergeToml = String.raw`from io import TextIOWrapper
from re import M, escape, search, sub
from sys import exit, stderr, stdin, stdout

def stop(why):
    stderr.write(why)
    exit(3)

try:
    from tomllib import loads
except ImportError:
    stop('there is no safe way to merge this format here: Python before 3.11 has no parser for it')

def merged(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return {**a, **{key: merged(a[key], value) if key in a else value for key, value in b.items()}}
    return b

try:
    text, _, patch = TextIOWrapper(stdin.buffer, encoding='utf-8', newline='').read().rpartition('\x1e')
except UnicodeDecodeError:
    stop('it is not UTF-8')
head, _, tables = patch.partition('\n[')
found = search(r'^[ \t]*\[', text, M)
top, rest = (text[:found.start()], text[found.start():]) if found else (text, '')
first = ''
for line in head.strip().split('\n'):
    key = r'^[ \t]*' + escape(line.split('=')[0].strip()) + r'[ \t]*=.*$'
    if search(key, top, M):
        top = sub(key, lambda _: line, top, count=1, flags=M)
    else:
        first += line + '\n'
whole = top + rest
result = first + whole + ('' if whole.endswith('\n') or whole == '' else '\n') + '\n[' + tables
try:
    if loads(result) != merged(loads(text), loads(patch)):
        stop('its own settings are in the way')
except ValueError:
    stop('its own settings are in the way')
stdout.buffer.write(result.encode())
`
