import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startPublishHarness } from '../testing/publish-harness.ts'

const { begin, finish, show, stage, write } = await startPublishHarness()

/** A hostile agent can leave these in the workspace. Plain git would run them, which creates the file `pwned`. */
const ATTACKS: [title: string, attack: (touch: string) => void][] = [
  ['hooks', (touch) => {
    for (const hook of ['pre-commit', 'pre-push', 'post-index-change', 'reference-transaction', 'post-commit']) {
      write(`.git/hooks/${hook}`, `#!/bin/sh\n${touch}\n`)
      chmodSync(join(stage().workspace, `.git/hooks/${hook}`), 0o755)
    }
  }],
  ['a hooks path', (touch) => {
    write('evil/post-index-change', `#!/bin/sh\n${touch}\n`)
    chmodSync(join(stage().workspace, 'evil/post-index-change'), 0o755)
    configure(stage().workspace, 'core.hooksPath', join(stage().workspace, 'evil'))
  }],
  ['a file system monitor', touch => configure(stage().workspace, 'core.fsmonitor', `${touch}; false`)],
  ['a filter', (touch) => {
    write('.gitattributes', '* filter=evil\n')
    configure(stage().workspace, 'filter.evil.clean', `${touch}; cat`)
  }],
  ['the configuration of a submodule', (touch) => {
    const inner = join(stage().workspace, 'lib')
    write('lib/a.txt', 'a\n')
    execFileSync('git', ['init', '-q'], { cwd: inner })
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '-q', '--allow-empty', '-m', 'x'], { cwd: inner })
    configure(inner, 'core.fsmonitor', `${touch}; false`)
    execFileSync(
      'git',
      ['update-index', '--add', '--cacheinfo', `160000,${execFileSync('git', ['rev-parse', 'HEAD'], { cwd: inner, encoding: 'utf8' }).trim()},lib`],
      { cwd: stage().workspace },
    )
  }],
]

function configure(repositoryPath: string, key: string, value: string): void {
  execFileSync('git', ['config', key, value], { cwd: repositoryPath })
}

test.each(ATTACKS)('publish does not run %s of the workspace', async (_, attack) => {
  const pwned = join(stage().folder, 'pwned')
  const from = await begin()
  attack(`touch ${pwned}`)
  write('src/greet.js', 'changed\n')
  expect(await finish(from)).toMatchObject({ outcome: 'published' })
  expect(show('src/greet.js')).toBe('changed\n')
  expect(existsSync(pwned)).toBe(false)

  // Plain git in the workspace runs it, so the attack is real.
  execFileSync('git', ['add', '-A'], { cwd: stage().workspace, stdio: 'ignore' })
  expect(existsSync(pwned)).toBe(true)
})
