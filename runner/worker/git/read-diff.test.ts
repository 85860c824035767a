import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { cleanEnv } from '../../job/clean-env.ts'
import { createGit, GitError } from './git.ts'
import { readPatch } from './read-diff.ts'

const folder = mkdtempSync(join(tmpdir(), 'mainloop-patch-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const git = createGit({ cwd: folder, env: cleanEnv(folder), signal: new AbortController().signal })
await git(['init', '--quiet'])

/** A tree with one file. */
async function tree(text: string): Promise<string> {
  const blob = (await git(['hash-object', '-w', '--stdin'], { input: text })).trim()
  return (await git(['mktree'], { input: `100644 blob ${blob}\ta.test.ts\n` })).trim()
}

/** Real programs on a machine that may be busy. */
const TIMEOUT_MS = 30_000

test('what is different is read line by line', { timeout: TIMEOUT_MS }, async () => {
  expect(await readPatch(git, await tree('one\ntwo\n'), await tree('one\n2\n'))).toEqual([{ path: 'a.test.ts', added: ['2'], removed: ['two'] }])
})

test('more than fits the container is not looked through', { timeout: TIMEOUT_MS }, async () => {
  expect(await readPatch(git, await tree('one\n'), await tree(`${'x'.repeat(99)}\n`.repeat(100_001)))).toBeNull()
})

test('a patch that cannot be made is a failure, not a large one', { timeout: TIMEOUT_MS }, async () => {
  await expect(readPatch(git, 'nowhere', await tree('one\n'))).rejects.toBeInstanceOf(GitError)
})
