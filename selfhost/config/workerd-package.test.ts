import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }
import { workerdPackage } from './workerd-package.ts'

const lock: unknown = JSON.parse(await readFile(join(import.meta.dirname, '../../package-lock.json'), 'utf8'))

test('the image gets the pinned workerd for its platform, by its hash, and nothing else', () => {
  const { packageJson: own, packageLock } = workerdPackage(lock)
  expect(own).toMatchObject({ dependencies: { workerd: packageJson.devDependencies.workerd } })
  const { packages } = packageLock as { packages: Record<string, { integrity?: string, dev?: boolean }> }
  const installed = Object.entries(packages).filter(([path]) => path !== '')
  expect(installed.map(([path]) => path.replace('node_modules/', ''))).toEqual([
    'workerd',
    ...['darwin-64', 'darwin-arm64', 'linux-64', 'linux-arm64', 'windows-64'].map(platform => `@cloudflare/workerd-${platform}`),
  ])
  expect(installed.map(([, { integrity, dev }]) => [integrity?.startsWith('sha512-'), dev])).toEqual(installed.map(() => [true, undefined]))
})
