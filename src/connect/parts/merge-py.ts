// The same as `merge-js.ts` for a machine without Node: Python 3 merges one JSON file into another, with the same
// input, and ends with 3 if the file cannot be merged without a loss.
export const mergePy = String.raw`from io import TextIOWrapper
from json import dumps, loads
from re import M, search, sub
from sys import exit, stderr, stdin, stdout

def stop(why):
    stderr.write(why)
    exit(3)

def same(a, b):
    if not isinstance(a, dict) or not isinstance(b, dict):
        return False
    key = 'id' if 'id' in b else 'name'
    return key in b and a.get(key) == b[key] and a.get('baseUrl') in (None, b.get('baseUrl'))

def merge(a, b, path):
    if a is None:
        return b
    if isinstance(a, list) and isinstance(b, list):
        kept = [next((other for other in b if same(each, other)), each) for each in a]
        return kept + [each for each in b if not any(each is other for other in kept)]
    if isinstance(a, dict) and isinstance(b, dict):
        return {**a, **{key: merge(a.get(key), value, path + '/' + key) for key, value in b.items()}}
    if isinstance(a, (dict, list)) or isinstance(b, (dict, list)):
        stop('the value at ' + (path or '/') + ' has another type')
    return b

def squeeze(text):
    return sub(r'"(?:[^"\\]|\\.)*"|\s+', lambda part: part.group() if part.group()[0] == '"' else '', text)

try:
    text, _, patch = TextIOWrapper(stdin.buffer, encoding='utf-8', newline='').read().rpartition('\x1e')
except UnicodeDecodeError:
    stop('it is not UTF-8')
old = None
if text.strip() != '':
    try:
        old = loads(text)
    except ValueError:
        stop('it is not plain JSON (comments?)')
    if squeeze(text) != dumps(old, ensure_ascii=False, separators=(',', ':')):
        stop('JSON would write its values in another way')
found = search(r'^([ \t]+)\S', text, M)
end = '\n' if text == '' or text.endswith('\n') else ''
result = dumps(merge(old, loads(patch), ''), ensure_ascii=False, indent=found.group(1) if found else 2) + end
if '\r\n' in text:
    result = result.replace('\n', '\r\n')
stdout.buffer.write(result.encode())
`
