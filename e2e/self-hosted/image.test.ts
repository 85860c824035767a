import { chmod, chown, mkdir, mkdtemp, readdir, readFile, rm, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { isUp } from '../../scripts/lib/is-up.ts'
import { newSecret } from '../../scripts/lib/settings.ts'
import { rejectOnExit, startProcess } from '../../scripts/lib/start-process.ts'
import { waitUntil } from '../../scripts/lib/wait-until.ts'
import { freePort } from '../harness/free-port.ts'

/** Everything that the start command may use: what debian:bookworm-slim has, and workerd. */
const PROGRAMS = ['sh', 'cat', 'dirname', 'flock', 'id', 'mkdir', 'realpath', 'setpriv', 'sleep']
const USER = 65532

let root: string
let context: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'mainloop-image-'))
  await chmod(root, 0o755)
  context = join(root, 'context')
  await execa('node', ['scripts/build-edge-image.ts', 'dist', context], { preferLocal: true })
})
afterAll(() => rm(root, { recursive: true, force: true, maxRetries: 5 }))

test('the folder holds the app, and no source map, test, secret or Node program', async () => {
  const files = await readdir(context, { recursive: true })
  expect(files.filter(file => /node_modules|\.map$|\.ts$|\.env|\.dev\.vars|wrangler/.test(file))).toEqual([])
  const dockerfile = await readFile('selfhost/Dockerfile', 'utf8')
  expect([...dockerfile.matchAll(/^COPY (?!--from)(.*) \S+$/gm)].flatMap(([, names = '']) => names.split(' ')).toSorted()).toEqual((await readdir(context)).toSorted())
})

test('another user runs it from a folder that it cannot write, with no program but those of the image', async () => {
  const [bin, data, port] = [join(root, 'bin'), join(root, 'data'), await freePort()]
  await mkdir(bin)
  for (const program of PROGRAMS)
    await symlink((await execa('which', [program])).stdout, join(bin, program))
  const workerd = join(root, 'workerd')
  await execa('cp', ['--dereference', join(dirname(createRequire(import.meta.url).resolve('workerd')), '..', 'bin', 'workerd'), workerd])
  await symlink(workerd, join(bin, 'workerd'))
  await mkdir(data)
  // Only root can become somebody else.
  const isRoot = process.getuid?.() === 0
  if (isRoot)
    await chown(data, USER, USER)
  await execa('chmod', ['--recursive', 'a-w', context])
  const as = isRoot ? ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, '--clear-groups', '--no-new-privs', '--bounding-set=-all', '--'] : []
  const secret = newSecret()
  const settings = [`SETUP_SECRET=${secret}`, `RUNNER_TOKEN=${newSecret()}`, `MAINLOOP_DATA=${data}`, `MAINLOOP_LISTEN=localhost:${port}`]
  const lines: string[] = []
  const running = startProcess({
    file: 'env',
    args: ['-i', `PATH=${bin}`, ...settings, ...as, join(context, 'app', 'start')],
    env: {},
    onLine: line => void lines.push(line),
  })
  try {
    const url = `http://localhost:${port}`
    await Promise.race([waitUntil('the edge to answer', () => isUp(`${url}/api/health`)), rejectOnExit('The edge', running)])
    expect((await fetch(url)).headers.get('content-type')).toBe('text/html; charset=utf-8')
    const paired = await fetch(`${url}/api/pair`, { method: 'POST', headers: { origin: url }, body: JSON.stringify({ secret, name: 'A device' }) })
    expect(paired.status).toBe(200)
    expect(lines[0]).toContain('The edge listens on')
    expect(lines.filter(line => line.includes('not found'))).toEqual([])
  }
  finally {
    await running.stop()
  }
  expect((await readdir(data)).toSorted()).toEqual(['files', 'lock', 'objects', 'run'])
})
