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

/** Writes a tree with one file. */
async function tree(text: string): Promise<string> {
  const blob = (await git(['hash-object', '-w', '--stdin'], { input: text })).trim()
  return (await git(['mktree'], { input: `100644 blob ${blob}\ta.test.ts\n` })).trim()
}

/** Git is a real program, and the machine may be busy. */
const TIMEOUT_MS = 30_000

test('a patch has the added and removed lines', { timeout: TIMEOUT_MS }, async () => {
  expect(await readPatch(git, await tree('one\ntwo\n'), await tree('one\n2\n'))).toEqual([{ path: 'a.test.ts', added: ['2'], removed: ['two'] }])
})

test('a patch that is too large for the container is null', { timeout: TIMEOUT_MS }, async () => {
  expect(await readPatch(git, await tree('one\n'), await tree(`${'x'.repeat(99)}\n`.repeat(100_001)))).toBeNull()
})

test('a failure of git is not taken for a large patch', { timeout: TIMEOUT_MS }, async () => {
  await expect(readPatch(git, 'nowhere', await tree('one\n'))).rejects.toBeInstanceOf(GitError)
})
