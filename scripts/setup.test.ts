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

/** Runs a script in a new folder, which is also the only one in PATH: it holds only the programs that a test writes. */
async function run(script: string, env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(import.meta.dirname, script)], {
    cwd: folder,
    env: { PATH: folder, ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
  return { exitCode, output: `${stdout}${stderr}` }
}

describe('a script fails with a remedy', () => {
  test.each<[string, string, Record<string, string>, string]>([
    ['without its overlay', 'deploy-loop.ts', { OVERLAY: 'k8s/overlays/mine' }, 'begin with a copy'],
    ['without the secrets', 'deploy-loop.ts', { OVERLAY: join(OVERLAYS, 'secret') }, 'secrets.env is missing'],
    ['without kubectl', 'deploy-loop.ts', { OVERLAY: join(OVERLAYS, '1password') }, 'This needs kubectl'],
    ['without a terminal', 'setup-claude-creds.ts', {}, 'asks in a terminal'],
    ['without a token for the cluster', 'setup-claude-creds-k8s.ts', {}, 'make setup-claude-creds'],
    ['without op', 'setup-claude-creds-k8s.ts', { CLAUDE_CODE_OAUTH_TOKEN: TOKEN }, 'This needs op'],
  ])('%s', async (_, script, env, remedy) => {
    const { exitCode, output } = await run(script, env)
    expect(output).toContain(remedy)
    expect(output).not.toContain('    at ')
    expect(exitCode).toBe(1)
  })
})

test('a token of another machine is added to .env, which only its owner can read', async () => {
  await writeFile(join(folder, '.env'), 'GITHUB_TOKEN=g\n')
  const { exitCode, output } = await run('setup-claude-creds.ts', { CLAUDE_CODE_OAUTH_TOKEN: TOKEN })
  expect(exitCode).toBe(0)
  expect(output).not.toContain(TOKEN)
  expect(await readFile(join(folder, '.env'), 'utf8')).toBe(`GITHUB_TOKEN=g\nCLAUDE_CODE_OAUTH_TOKEN=${TOKEN}\n`)
  expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600)
})

describe('a fake op that records its arguments', () => {
  const item = { id: 'i', fields: [{ id: 'f', label: 'RUNNER_TOKEN', type: 'CONCEALED', value: 'r' }] }

  test.each([
    ['creates the item', [], ['item create --vault mainloop -'], { title: 'runner', fields: [{ label: 'CLAUDE_CODE_OAUTH_TOKEN', value: TOKEN }] }],
    [
      'keeps the other fields of an item',
      [{ title: 'runner' }],
      ['item get runner --vault mainloop --format json', 'item edit runner --vault mainloop'],
      { id: 'i', fields: [item.fields[0], { label: 'CLAUDE_CODE_OAUTH_TOKEN', value: TOKEN }] },
    ],
  ])('%s', async (_, items, commands, written) => {
    await mkdir(join(folder, 'op.d'))
    await writeFile(join(folder, 'op.d', 'list'), JSON.stringify(items))
    await writeFile(join(folder, 'op.d', 'get'), JSON.stringify(item))
    await writeFile(
      join(folder, 'op'),
      `#!/bin/sh\necho "$@" >> ${folder}/op.d/asked\ncase $2 in list|get) /bin/cat ${folder}/op.d/$2;; *) /bin/cat > ${folder}/op.d/given;; esac\n`,
    )
    await chmod(join(folder, 'op'), 0o755)
    await writeFile(join(folder, '.env'), `CLAUDE_CODE_OAUTH_TOKEN=${TOKEN}\n`)

    expect(await run('setup-claude-creds-k8s.ts')).toMatchObject({ exitCode: 0, output: expect.not.stringContaining(TOKEN) })
    expect((await readFile(join(folder, 'op.d', 'asked'), 'utf8')).trim().split('\n')).toEqual(['item list --vault mainloop --format json', ...commands])
    expect(JSON.parse(await readFile(join(folder, 'op.d', 'given'), 'utf8'))).toMatchObject(written)
  })
})
