import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '..')
const PARTS = ['shared', 'edge', 'client', 'runner', 'selfhost', 'e2e', 'scripts', 'k8s']
const MAX_COLUMNS = 120
const ROOT_GUIDES = ['README.md', 'AGENTS.md', 'CONTRIBUTING.md', 'SECURITY.md', 'CHANGELOG.md']

const decisions = await markdownIn('docs/decisions')
const guides = [...ROOT_GUIDES, ...await markdownIn('docs'), ...decisions]

describe.each(guides)('%s', (name) => {
  test('names only existing paths', async () => {
    const paths = (await read(name)).matchAll(/`((?:shared|edge|client|runner|selfhost|e2e|scripts|k8s|docs|\.ci|\.github)\/[\w./-]*)`/g)
    expect([...paths].map(([, path = '']) => path).filter(path => !existsSync(join(ROOT, path)))).toEqual([])
  })

  test('links only to existing files', async () => {
    const links = (await read(name)).matchAll(/\]\((?!https?:)([^)#]+)/g)
    expect([...links].map(([, path = '']) => path).filter(path => !existsSync(join(ROOT, dirname(name), path)))).toEqual([])
  })

  test(`has no line longer than ${MAX_COLUMNS} columns`, async () => {
    expect((await read(name)).split('\n').filter(line => line.length > MAX_COLUMNS)).toEqual([])
  })
})

test('the map in the README has every folder', async () => {
  const readme = await read('README.md')
  const folders = await Promise.all(PARTS.map(async (part) => {
    const entries = await readdir(join(ROOT, part), { withFileTypes: true })
    return entries.filter(entry => entry.isDirectory() && entry.name !== 'testing' && !entry.name.startsWith('.')).map(({ name }) => `${part}/${name}/`)
  }))
  expect(folders.flat().filter(folder => !readme.includes(folder))).toEqual([])
})

test('the index of decisions has every record', async () => {
  const index = await read('docs/decisions/README.md')
  expect(decisions.filter(name => !name.endsWith('README.md') && !index.includes(`](${name.split('/').at(-1)})`))).toEqual([])
})

async function markdownIn(folder: string): Promise<string[]> {
  const names = await readdir(join(ROOT, folder))
  return names.filter(name => name.endsWith('.md')).map(name => `${folder}/${name}`)
}

async function read(name: string): Promise<string> {
  return await readFile(join(ROOT, name), 'utf8')
}
