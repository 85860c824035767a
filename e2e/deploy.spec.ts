import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createRedactor } from '#shared/text/redact.ts'

let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'mainloop-deploy-'))
})
afterAll(() => rm(home, { recursive: true }))

/** Runs the real wrangler with the build of these specs on a machine without a login. */
async function deploy(...args: string[]) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, ['scripts/deploy.ts', ...args], {
    preferLocal: true,
    extendEnv: false,
    env: { PATH: process.env.PATH, HOME: home, XDG_CONFIG_HOME: home, MAINLOOP_BUILT: '1', CI: '1' },
    reject: false,
    stdin: 'ignore',
  })
  return { exitCode, output: `${stdout}\n${stderr}` }
}

test('a dry run bundles the Worker and the page, and uploads nothing', async () => {
  const { exitCode, output } = await deploy('--dry-run')
  expect(output).toMatch(/env\.MAINLOOP .*env\.PAIRING_REGISTRY .*env\.ASSETS .*Nothing was uploaded/s)
  expect(exitCode).toBe(0)
})

test('the files for browsers hold no credential, source or settings', async () => {
  const redact = createRedactor([])
  const files = (await readdir('dist/client', { recursive: true, withFileTypes: true })).filter(file => file.isFile())
  expect(files.map(({ name }) => name).filter(name => /^\.|\.(?:map|ts|vue)$/.test(name) && name !== '.assetsignore')).toEqual([])
  const scripts = files.filter(({ name }) => /\.(?:js|css|html|json|webmanifest|svg)$/.test(name))
  expect(scripts.length).toBeGreaterThan(3)
  for (const { parentPath, name } of scripts) {
    const text = await readFile(join(parentPath, name), 'utf8')
    expect([name, firstDifference(text, redact(text))]).toEqual([name, null])
  }
})

test('the page has no inline script or style, which its policy would refuse', async () => {
  const page = await readFile('dist/client/index.html', 'utf8')
  expect(page).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=|javascript:|https?:/)
})

/** The first redacted place with the text around it; null when nothing was redacted. */
function firstDifference(text: string, redacted: string): string | null {
  const at = [...text].findIndex((character, i) => character !== redacted[i])
  return text === redacted ? null : text.slice(Math.max(0, at - 40), at + 80)
}

test('a deployment without a login fails with the command to log in', async () => {
  expect(await deploy()).toMatchObject({ exitCode: 1, output: expect.stringContaining('npx wrangler login') })
})
