import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }

const root = join(import.meta.dirname, '..')
const IMPORT = /\b(?:from|import|resolve)\s*(?:\(\s*)?'([^'\s]+)'/g

/** The files that the entries reach by imports, and the packages that those import. */
function reach(entries: readonly string[]): { files: Set<string>, packages: Set<string> } {
  const files = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (files.has(file) || !file.endsWith('.ts'))
      return
    files.add(file)
    for (const [, name = ''] of readFileSync(join(root, file), 'utf8').matchAll(IMPORT)) {
      if (name.startsWith('.'))
        visit(normalize(join(dirname(file), name)))
      else if (name.startsWith('#shared/'))
        visit(name.slice(1))
      else
        packages.add(name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/'))
    }
  }
  entries.forEach(visit)
  return { files, packages }
}

const { files, packages } = reach(['runner/main.ts', 'runner/cli/worker-entry.ts'])
const dockerfile = readFileSync(join(root, 'runner/Dockerfile'), 'utf8')

test('the image leaves out exactly the packages that the runner does not import', () => {
  const [, list = ''] = /npm uninstall ([\s\S]*?)&&/.exec(dockerfile) ?? []
  const uninstalled = list.split(/[\s\\]+/).filter(word => word !== '' && !word.startsWith('--'))
  expect(uninstalled).toEqual(Object.keys(packageJson.dependencies).filter(name => !packages.has(name)))
})

test('the image runs no test code, and each file it runs exists', () => {
  expect([...files].filter(file => /(?:^|\/)testing\/|\.(?:testing|test|spec)\.ts$/.test(file))).toEqual([])
  expect([...files].filter(file => !existsSync(join(root, file)))).toEqual([])
})
