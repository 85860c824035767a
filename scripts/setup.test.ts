import { chmod, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const OVERLAYS = join(import.meta.dirname, '..', 'k8s', 'overlays')
// Put together here, so that nothing in the sources looks like a secret.
const TOKEN = ['sk', 'ant', 'oat01', 'x'.repeat(40)].join('-')

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainloop-setup-'))
})
afterEach(() => rm(folder, { recursive: true }))

/** In an empty folder, on a machine that has no program but what a test puts there. */
async function run(script: string, env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(import.meta.dirname, script)], {
    cwd: folder,
    env: { PATH: folder, ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
  return { exitCode, said: `${stdout}${stderr}` }
}

describe('what is missing is said, with what to do, and is a failure', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['an overlay that is not there', 'deploy-loop.ts', { OVERLAY: 'k8s/overlays/mine' }, 'begin with a copy'],
    ['secrets that are not filled in', 'deploy-loop.ts', { OVERLAY: join(OVERLAYS, 'secret') }, 'secrets.env is missing'],
    ['kubectl', 'deploy-loop.ts', { OVERLAY: join(OVERLAYS, '1password') }, 'This needs kubectl'],
    ['a terminal', 'setup-claude-creds.ts', {}, 'asks in a terminal'],
    ['a token for the cluster', 'setup-claude-creds-k8s.ts', {}, 'make setup-claude-creds'],
    ['op', 'setup-claude-creds-k8s.ts', { CLAUDE_CODE_OAUTH_TOKEN: TOKEN }, 'This needs op'],
  ])('%s', async (_, script, env, words) => {
    const { exitCode, said } = await run(script, env)
    expect(said).toContain(words)
    expect(said).not.toContain('    at ')
    expect(exitCode).toBe(1)
  })
})

test('a token that was got elsewhere goes into .env, for its owner\'s eyes only, beside what is there', async () => {
  await writeFile(join(folder, '.env'), 'GITHUB_TOKEN=g\n')
  const { exitCode, said } = await run('setup-claude-creds.ts', { CLAUDE_CODE_OAUTH_TOKEN: TOKEN })
  expect(exitCode).toBe(0)
  expect(said).not.toContain(TOKEN)
  expect(await readFile(join(folder, '.env'), 'utf8')).toBe(`GITHUB_TOKEN=g\nCLAUDE_CODE_OAUTH_TOKEN=${TOKEN}\n`)
  expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600)
})

describe('1Password, played by a program that notes what it is asked', () => {
  const item = { id: 'i', fields: [{ id: 'f', label: 'RUNNER_TOKEN', type: 'CONCEALED', value: 'r' }] }

  test.each([
    ['makes the item', [], ['item create --vault mainloop -'], { title: 'runner', fields: [{ label: 'CLAUDE_CODE_OAUTH_TOKEN', value: TOKEN }] }],
    [
      'keeps the other fields of an item',
      [{ title: 'runner' }],
      ['item get runner --vault mainloop --format json', 'item edit runner --vault mainloop'],
      { id: 'i', fields: [item.fields[0], { label: 'CLAUDE_CODE_OAUTH_TOKEN', value: TOKEN }] },
    ],
  ])('%s', async (_, items, asked, given) => {
    await mkdir(join(folder, 'op.d'))
    await writeFile(join(folder, 'op.d', 'list'), JSON.stringify(items))
    await writeFile(join(folder, 'op.d', 'get'), JSON.stringify(item))
    await writeFile(
      join(folder, 'op'),
      `#!/bin/sh\necho "$@" >> ${folder}/op.d/asked\ncase $2 in list|get) /bin/cat ${folder}/op.d/$2;; *) /bin/cat > ${folder}/op.d/given;; esac\n`,
    )
    await chmod(join(folder, 'op'), 0o755)
    await writeFile(join(folder, '.env'), `CLAUDE_CODE_OAUTH_TOKEN=${TOKEN}\n`)

    expect(await run('setup-claude-creds-k8s.ts')).toMatchObject({ exitCode: 0, said: expect.not.stringContaining(TOKEN) })
    expect((await readFile(join(folder, 'op.d', 'asked'), 'utf8')).trim().split('\n')).toEqual(['item list --vault mainloop --format json', ...asked])
    expect(JSON.parse(await readFile(join(folder, 'op.d', 'given'), 'utf8'))).toMatchObject(given)
  })
})
