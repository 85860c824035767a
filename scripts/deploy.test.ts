import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mainloop-deploy-'))
})
afterEach(() => rm(folder, { recursive: true }))

const path = (name: string) => join(folder, name)

/** Runs a script in a new folder, which is also the only one in PATH: it holds only the programs that a test writes. */
async function run(script: string, args: string[] = [], env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [join(import.meta.dirname, script), ...args], {
    cwd: folder,
    env: { PATH: folder, ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  })
  return { exitCode, output: `${stdout}\n${stderr}` }
}

async function program(name: string, script: string): Promise<void> {
  await writeFile(path(name), `#!/bin/sh\n${script}\n`)
  await chmod(path(name), 0o755)
}

/** A fake wrangler that records its arguments. `deployed`: the secrets of the edge; null before the first deployment. */
async function fakeWrangler({
  deployed = null as string[] | null,
  who = '{"loggedIn":true,"email":"ada@example.com","accounts":[{"name":"Ada","id":"a1"}]}',
  bucket = true,
} = {}): Promise<void> {
  await program('vite', '/bin/mkdir -p dist/mainloop; echo \'{"r2_buckets":[{"binding":"ATTACHMENTS","bucket_name":"files"}]}\' > dist/mainloop/wrangler.json')
  const secrets = deployed
    ? `echo '${JSON.stringify(deployed.map(name => ({ name, type: 'secret_text' })))}'`
    : 'echo "Worker mainloop does not exist on your account. [code: 10007]" >&2; exit 1'
  await program(
    'wrangler',
    `
    echo "$@" | /bin/sed 's#file=.*secrets#file=secrets#' >> asked
    case "$*" in
      whoami*) ${who === '' ? 'echo \'{"loggedIn":false}\'; exit 1' : `echo '${who}'`};;
      "secret list") ${secrets};;
      "r2 bucket"*) exit ${bucket ? 0 : 1};;
      deploy*) for each in "$@"; do case $each in --secrets-file=*) /bin/cat "\${each#*=}" > given;; esac; done; echo "Deployed to https://mainloop.ada.workers.dev (1.2 s)";;
    esac`,
  )
}

const asked = async () => (await readFile(path('asked'), 'utf8')).trim().split('\n')

describe('a script stops with a remedy and uploads nothing', () => {
  test.each<[string, Parameters<typeof fakeWrangler>[0], string[], string]>([
    ['without a login', { who: '' }, [], 'npx wrangler login'],
    ['with several accounts', { who: '{"loggedIn":true,"accounts":[{"name":"Ada","id":"a1"},{"name":"Work","id":"b2"}]}' }, [], 'CLOUDFLARE_ACCOUNT_ID'],
    ['before the first deployment', {}, ['--frontend'], 'Run `make deploy` first'],
    ['without a bucket', { bucket: false }, [], 'npx wrangler r2 bucket create files'],
  ])('%s', async (_, account, args, remedy) => {
    await fakeWrangler(account)
    const { exitCode, output } = await run('deploy.ts', args)
    expect(output).toContain(remedy)
    expect(output).not.toContain('    at ')
    expect(exitCode).toBe(1)
    expect((await asked()).filter(line => line.startsWith('deploy'))).toEqual([])
  })

  test('without wrangler', async () => {
    expect(await run('deploy.ts')).toMatchObject({ exitCode: 1, output: expect.stringContaining('This needs wrangler') })
  })

  test('without a setup secret', async () => {
    expect(await run('setup-link.ts', ['bob'])).toMatchObject({ exitCode: 1, output: expect.stringContaining('SETUP_SECRET is not on this machine') })
  })

  test('with an invalid name', async () => {
    const result = await run('setup-link.ts', ['../bob'], { SETUP_SECRET: 'x'.repeat(32) })
    expect(result).toMatchObject({ exitCode: 1, output: expect.stringContaining('small letters') })
  })
})

describe('the first deployment', () => {
  test('creates the secrets once, uploads them with the code, stores them for their owner only, and prints none', async () => {
    await fakeWrangler()
    const { exitCode, output } = await run('deploy.ts', [], { ANTHROPIC_API_KEY: 'a-key-of-anthropic' })
    expect([exitCode, output]).toEqual([0, expect.stringContaining('mainloop is at https://mainloop.ada.workers.dev')])
    const uploaded = JSON.parse(await readFile(path('given'), 'utf8'))
    expect(uploaded).toEqual({
      SETUP_SECRET: expect.stringMatching(/^[\w-]{32}$/),
      RUNNER_TOKEN: expect.stringMatching(/^[\w-]{32}$/),
      ANTHROPIC_API_KEY: 'a-key-of-anthropic',
    })
    for (const secret of Object.values<string>(uploaded))
      expect(output).not.toContain(secret)
    const { SETUP_SECRET, RUNNER_TOKEN } = uploaded
    expect(await readFile(path('.env.deploy'), 'utf8'))
      .toBe(`SETUP_SECRET=${SETUP_SECRET}\nRUNNER_TOKEN=${RUNNER_TOKEN}\nMAINLOOP_EDGE=https://mainloop.ada.workers.dev\n`)
    expect((await stat(path('.env.deploy'))).mode & 0o777).toBe(0o600)
    expect(await asked()).toEqual([
      'whoami --json',
      'secret list',
      'r2 bucket info files',
      'deploy --config=dist/mainloop/wrangler.json --keep-vars --secrets-file=secrets.json',
    ])

    expect((await run('setup-link.ts')).output).toContain(`https://mainloop.ada.workers.dev/#setup=${SETUP_SECRET}`)
    await run('deploy.ts')
    expect(JSON.parse(await readFile(path('given'), 'utf8'))).toMatchObject({ SETUP_SECRET, RUNNER_TOKEN })
  })
})

test('the page is deployed again with the edge\'s present secrets', async () => {
  await fakeWrangler({ deployed: ['SETUP_SECRET', 'RUNNER_TOKEN'] })
  expect((await run('deploy.ts', ['--frontend'])).exitCode).toBe(0)
  expect((await asked()).at(-1)).toBe('deploy --config=dist/mainloop/wrangler.json --keep-vars')
})

describe('the setup link of another person', () => {
  const env = { SETUP_SECRET: 'a-setup-secret-of-this-test', MAINLOOP_EDGE: 'https://mainloop.example' }

  test('is derived from the setup secret, the same each time, and does not contain it', async () => {
    const [first, second] = [await run('setup-link.ts', ['bob'], env), await run('setup-link.ts', ['bob'], env)]
    expect(first.output).toMatch(/^https:\/\/mainloop\.example\/#setup=mls\.bob\.1\.[\w-]{43}$/m)
    expect(first).toEqual(second)
    expect(first.output).not.toContain(env.SETUP_SECRET)
  })

  test('leads to the edge of --edge', async () => {
    expect((await run('setup-link.ts', ['bob', '--edge', 'https://elsewhere.example/'], env)).output).toContain('https://elsewhere.example/#setup=mls.bob.')
  })

  test('is explained by --help', async () => {
    expect(await run('setup-link.ts', ['--help'])).toMatchObject({ exitCode: 0, output: expect.stringContaining('make person NAME=bob') })
  })
})
