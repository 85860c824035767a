import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import process from 'node:process'
import { gzipSync } from 'node:zlib'

/** Limit of the compressed scripts before the first paint: about half a second for a phone with 3 Mbit/s. */
const MAX_FIRST_SCRIPT_BYTES = 150_000

const client = join(import.meta.dirname, '..', 'dist', 'client')
const page = await readFile(join(client, 'index.html'), 'utf8')
const scripts = [...page.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)].map(([, path = '']) => path)
const sizes = await Promise.all(scripts.map(async path => gzipSync(await readFile(join(client, path))).length))
const total = sizes.reduce((sum, size) => sum + size, 0)

const count = `${scripts.length} ${scripts.length === 1 ? 'file' : 'files'}`
console.log(`  scripts before the first paint: ${kB(total)} of ${kB(MAX_FIRST_SCRIPT_BYTES)} compressed, in ${count}`)
if (scripts.length === 0 || total > MAX_FIRST_SCRIPT_BYTES) {
  console.log(scripts.length === 0
    ? '  The page loads no script: was it built?'
    : '  Too much: load what the first screen does not show with import().')
  process.exitCode = 1
}

function kB(bytes: number): string {
  return `${(bytes / 1000).toFixed(1)} kB`
}
