// Pins the newest version of each client in package.json and the lock file, without installing anything, and prints
// those that changed: `name@version` on one line. An alias of a major, as `ai-5`, stays in that major.
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const pins = () => JSON.parse(readFileSync(join(import.meta.dirname, 'package.json'), 'utf8')).dependencies
const newest = ([name, pin]) => `${name}@${pin.startsWith('npm:') ? pin.replace(/(@\d+)\.[^@]*$/, '$1') : 'latest'}`

const before = pins()
execFileSync('npm', ['install', '--save-exact', '--package-lock-only', '--ignore-scripts', '--no-audit', '--no-fund',
  ...Object.entries(before).map(newest)], { cwd: import.meta.dirname, stdio: ['ignore', 'ignore', 'inherit'] })
console.log(Object.entries(pins()).filter(([name, pin]) => pin !== before[name]).map(pin => pin.join('@')).join(' '))
