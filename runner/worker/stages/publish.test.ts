import type { CheckedOut } from '../../job/stage-protocol.ts'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { stageOutcome } from '../../job/stage-protocol.ts'
import { startGitServer } from '../../testing/git-server.ts'
import { jobSpecOf } from '../../testing/job-spec.ts'
import { stageHarness } from '../testing/stage-harness.ts'
import { publish } from './publish.ts'
import { saveWip } from './save-wip.ts'

const BRANCH = 'mainloop/abcdefghij-greet'
const USAGE = { costUsd: 0.5, inputTokens: 10, outputTokens: 20 }

const git = await startGitServer()
let harness = stageHarness()
let repository = ''
let count = 0
beforeEach(() => {
  harness.close()
  harness = stageHarness()
  repository = `octo/r${count += 1}`
  git.create(repository, {
    'README.md': 'Hello\n',
    'src/greet.js': 'export const greet = () => "hi"\n',
    'src/greet.test.js': 'test\n',
    '.github/workflows/ci.yml': 'on: push\n',
    '.gitignore': 'node_modules\n',
  })
})
afterEach(() => {
  git.readOnly = false
  harness.close()
})
afterAll(() => git.close())

async function begin(given: Parameters<typeof jobSpecOf>[0] = {}): Promise<CheckedOut> {
  const from = stageOutcome.parse(await harness.checkout(git, { repository, ...given }))
  if (from.outcome !== 'checked-out')
    throw new Error(JSON.stringify(from))
  return from
}

function finish(from: CheckedOut, given: Parameters<typeof jobSpecOf>[0] = {}, summary = 'Greets by name. All tests pass.') {
  rmSync(harness.publishGit, { recursive: true, force: true })
  return publish({
    stage: 'publish',
    folder: harness.folder,
    spec: jobSpecOf({ repository, ...given }),
    git: { serverUrl: git.url, token: git.token },
    from,
    work: { outcome: 'worked', summary, usage: USAGE },
    modelSecrets: ['sk-ant-key-for-tests'],
  }, harness.tools)
}

function write(path: string, text: string): void {
  mkdirSync(join(harness.workspace, path, '..'), { recursive: true })
  writeFileSync(join(harness.workspace, path), text)
}

const show = (path: string): string => git.git(repository, 'show', `${BRANCH}:${path}`)

test('what was changed, added and deleted is one commit by the bot on the task\'s branch', async () => {
  const from = await begin()
  write('src/greet.js', 'export const greet = name => name\n')
  write('src/new dir/ü.txt', 'new\n')
  write('node_modules/x.js', 'ignored\n')
  rmSync(join(harness.workspace, 'README.md'))
  const outcome = await finish(from)
  const head = git.git(repository, 'rev-parse', BRANCH).trim()
  expect(outcome).toEqual({ outcome: 'published', head, summary: 'Greets by name. All tests pass.', flags: [], usage: USAGE })
  expect(git.git(repository, '-c', 'core.quotePath=false', 'diff-tree', '-r', '--name-status', '--no-commit-id', head).trim().split('\n'))
    .toEqual(['D\tREADME.md', 'M\tsrc/greet.js', 'A\tsrc/new dir/ü.txt'])
  expect(git.git(repository, 'log', '-1', '--format=%an|%P|%B', head)).toBe(
    `mainloop|${from.start}|Greet by name\n\nGreets by name. All tests pass.\n\nMainloop-Task: abcdefghij\nMainloop-Attempt: 1\n`,
  )
})

test('the commit names the person as co-author, as git reads it', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  expect(await finish(from, { person: { name: 'Ada Lovelace', email: 'ada@example.com' } })).toMatchObject({ outcome: 'published' })
  expect(git.git(repository, 'log', '-1', '--format=%(trailers:key=Co-authored-by,valueonly)', BRANCH).trim()).toBe('Ada Lovelace <ada@example.com>')
})

test('files that became folders, links and programs are taken as they are', async () => {
  const from = await begin()
  rmSync(join(harness.workspace, 'README.md'))
  write('README.md/inner.md', 'inside\n')
  rmSync(join(harness.workspace, 'src'), { recursive: true })
  symlinkSync('/etc', join(harness.workspace, 'src'))
  write('run.sh', '#!/bin/sh\n')
  chmodSync(join(harness.workspace, 'run.sh'), 0o755)
  expect(await finish(from)).toMatchObject({ outcome: 'published' })
  expect(git.git(repository, 'ls-tree', '-r', '--format=%(objectmode) %(path)', BRANCH).trim().split('\n'))
    .toEqual(['100644 .github/workflows/ci.yml', '100644 .gitignore', '100644 README.md/inner.md', '100755 run.sh', '120000 src'])
})

test('what the agent committed itself is published as the same files', async () => {
  const from = await begin()
  write('src/greet.js', 'committed\n')
  execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '-qam', 'mine'], { cwd: harness.workspace })
  expect(await finish(from)).toMatchObject({ outcome: 'published' })
  expect(show('src/greet.js')).toBe('committed\n')
})

test('nothing changed is said, and nothing pushed', async () => {
  expect(await finish(await begin())).toEqual({ outcome: 'unchanged', summary: 'Greets by name. All tests pass.', usage: USAGE })
  expect(git.git(repository, 'branch', '--list', BRANCH)).toBe('')
})

test('run again after a push that nobody recorded, it reports the same commit', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  const first = await finish(from)
  expect(await finish(from)).toEqual(first)
})

/** Everything of the last attempt is gone but what it pushed. */
function anew(): void {
  harness.close()
  harness = stageHarness()
}

test.each(['implement', 'fix', 'feedback'] as const)(
  'a new %s attempt that finds the commit of one that died before it could say so reports that',
  async (phase) => {
    const from = await begin({ phase })
    write('src/greet.test.js', 'weaker\n')
    const first = await finish(from, { phase })
    anew()
    expect(await harness.checkout(git, { repository, phase, attempt: 2 })).toEqual({ ...first, usage: { costUsd: 0, inputTokens: 0, outputTokens: 0 } })
    anew()
    expect(await harness.checkout(git, { repository, phase, attempt: 2, published: 1 })).toMatchObject({ outcome: 'checked-out', onBranch: true })
  },
)

describe('unfinished work', () => {
  const save = async (from: CheckedOut, given: Parameters<typeof jobSpecOf>[0] = {}) => {
    rmSync(harness.publishGit, { recursive: true, force: true })
    return saveWip(
      {
        stage: 'save-wip',
        folder: harness.folder,
        spec: jobSpecOf({ repository, ...given }),
        git: { serverUrl: git.url, token: git.token },
        from,
        modelSecrets: ['sk-ant-key-for-tests'],
      },
      harness.tools,
    )
  }
  const REF = 'refs/mainloop/wip/abcdefghij'
  const wip = () => git.git(repository, 'for-each-ref', '--format=%(objectname)', REF).trim()
  const read = (path: string) => existsSync(join(harness.workspace, path)) ? readFileSync(join(harness.workspace, path), 'utf8') : null

  test('is where the next attempt begins, which publishes it and takes it away', async () => {
    const from = await begin()
    write('src/greet.js', 'half\n')
    write('new.txt', 'new\n')
    rmSync(join(harness.workspace, 'README.md'))
    await save(from)
    expect(harness.log).toContain('info Kept the unfinished work, 3 files, for the next attempt')
    git.commit(repository, 'main', { 'later.txt': 'x\n' }, 'main')
    anew()

    const next = await begin({ attempt: 2 })
    expect(next).toMatchObject({ start: from.start, onBranch: false, wip: wip() })
    expect([read('src/greet.js'), read('new.txt'), read('README.md'), read('src/greet.test.js')]).toEqual(['half\n', 'new\n', null, 'test\n'])
    write('src/greet.js', 'whole\n')
    const done = await finish(next, { attempt: 2 })
    expect(done).toMatchObject({ outcome: 'published' })
    expect(git.git(repository, 'diff-tree', '-r', '--name-status', '--no-commit-id', BRANCH).trim().split('\n')).toEqual([
      'D\tREADME.md',
      'A\tnew.txt',
      'M\tsrc/greet.js',
    ])
    expect(git.git(repository, 'log', '-1', '--format=%P', BRANCH).trim()).toBe(from.start)
    expect(wip()).toBe('')
  })

  test('grows with every attempt that is interrupted', async () => {
    const first = await begin()
    write('a.txt', 'a\n')
    await save(first)
    anew()
    const second = await begin({ attempt: 2 })
    write('b.txt', 'b\n')
    await save(second, { attempt: 2 })
    anew()
    await begin({ attempt: 3 })
    expect([read('a.txt'), read('b.txt')]).toEqual(['a\n', 'b\n'])
  })

  test('is not put over a branch that moved on', async () => {
    const from = await begin()
    write('a.txt', 'a\n')
    await save(from)
    git.commit(repository, BRANCH, { 'theirs.txt': 'x\n' }, 'main')
    anew()
    expect(await begin({ attempt: 2 })).toMatchObject({ onBranch: true, wip: null })
    expect(read('a.txt')).toBeNull()
  })

  test('of another runner that was quicker stays, and nothing changed keeps nothing', async () => {
    const from = await begin()
    await save(from)
    expect(wip()).toBe('')
    write('a.txt', 'a\n')
    await save(from)
    const first = wip()
    write('a.txt', 'other\n')
    await save(from, { attempt: 2 })
    expect(wip()).toBe(first)
    expect(harness.log.at(-1)).toMatch(/^error The unfinished work was not kept: .*stale/s)
  })

  test('with the model\'s credential in it is not kept', async () => {
    const from = await begin()
    write('.env', 'KEY=sk-ant-key-for-tests\n')
    await save(from)
    expect(wip()).toBe('')
  })

  test('that cannot be pushed is said, and nothing else', async () => {
    const from = await begin()
    write('a.txt', 'a\n')
    git.readOnly = true
    expect(await save(from)).toEqual({ outcome: 'saved' })
    expect(harness.log.at(-1)).toMatch(/^error The unfinished work was not kept: .*403/s)
  })
})

test('a later attempt adds its commit to the branch', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  const first = await finish(from)
  anew()
  const next = await begin({ attempt: 2, phase: 'fix', published: 1 })
  write('b.txt', 'b\n')
  expect(await finish(next, { attempt: 2, phase: 'fix' }, 'Fixed the import. It was wrong.')).toMatchObject({ outcome: 'published' })
  expect(git.git(repository, 'log', '-2', '--format=%s', BRANCH).trim().split('\n')).toEqual(['Fixed the import', 'Greet by name'])
  expect(git.git(repository, 'rev-parse', `${BRANCH}~1`).trim()).toBe(first.outcome === 'published' ? first.head : '')
})

test('a branch that moved meanwhile is left as it is', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  const theirs = git.commit(repository, BRANCH, { 'theirs.txt': 'x\n' }, 'main')
  expect(await finish(from)).toMatchObject({ outcome: 'failed', kind: 'publish', reason: expect.stringContaining('Somebody else pushed'), usage: USAGE })
  expect(git.git(repository, 'rev-parse', BRANCH).trim()).toBe(theirs)
})

test('a push that GitHub does not take is said in its words', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  git.readOnly = true
  expect(await finish(from)).toMatchObject({ outcome: 'failed', kind: 'publish', reason: expect.stringContaining('403') })
})

test('a hook of the server that refuses is heard', async () => {
  const from = await begin()
  write('a.txt', 'a\n')
  const hook = join(git.git(repository, 'rev-parse', '--absolute-git-dir').trim(), 'hooks', 'pre-receive')
  writeFileSync(hook, '#!/bin/sh\necho "refusing to allow it without \\`workflow\\` scope" >&2\nexit 1\n', { mode: 0o755 })
  expect(await finish(from)).toMatchObject({ outcome: 'failed', kind: 'publish', reason: expect.stringContaining('without `workflow` scope') })
})

test('changed tests and workflow files are flagged, new tests are not', async () => {
  const from = await begin()
  write('src/greet.test.js', 'weaker\n')
  write('src/new.test.js', 'new\n')
  write('.github/workflows/ci.yml', 'on: never\n')
  expect(await finish(from)).toMatchObject({ flags: ['Changes the workflow file .github/workflows/ci.yml', 'Changes the test src/greet.test.js'] })
})

test('skipped tests are flagged, whatever the repository says about how files are compared', async () => {
  const from = await begin()
  write('src/greet.test.js', 'test.skip()\n')
  write('.gitattributes', '*.js -diff\n')
  expect(await finish(from)).toMatchObject({ flags: ['Skips tests in src/greet.test.js: test.skip', 'Changes the test src/greet.test.js'] })
})

test('a change that holds the model\'s credential is not pushed', async () => {
  const from = await begin()
  write('src/.env', 'A=1\nKEY=sk-ant-key-for-tests\n')
  expect(await finish(from)).toMatchObject({ outcome: 'failed', kind: 'publish', reason: expect.stringMatching(/^Nothing was pushed: .* src\/\.env\./) })
  expect(git.git(repository, 'branch', '--list', BRANCH)).toBe('')
})

/** Each is what a hostile agent can leave behind; run by plain git it would create the file `pwned`. */
const ATTACKS: [name: string, attack: (touch: string) => void][] = [
  ['hooks', (touch) => {
    for (const hook of ['pre-commit', 'pre-push', 'post-index-change', 'reference-transaction', 'post-commit']) {
      write(`.git/hooks/${hook}`, `#!/bin/sh\n${touch}\n`)
      chmodSync(join(harness.workspace, `.git/hooks/${hook}`), 0o755)
    }
  }],
  ['a hooks path', (touch) => {
    write('evil/post-index-change', `#!/bin/sh\n${touch}\n`)
    chmodSync(join(harness.workspace, 'evil/post-index-change'), 0o755)
    configure(harness.workspace, 'core.hooksPath', join(harness.workspace, 'evil'))
  }],
  ['a file system monitor', touch => configure(harness.workspace, 'core.fsmonitor', `${touch}; false`)],
  ['a filter', (touch) => {
    write('.gitattributes', '* filter=evil\n')
    configure(harness.workspace, 'filter.evil.clean', `${touch}; cat`)
  }],
  ['the configuration of a submodule', (touch) => {
    const inner = join(harness.workspace, 'lib')
    write('lib/a.txt', 'a\n')
    execFileSync('git', ['init', '-q'], { cwd: inner })
    execFileSync('git', ['-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '-q', '--allow-empty', '-m', 'x'], { cwd: inner })
    configure(inner, 'core.fsmonitor', `${touch}; false`)
    execFileSync(
      'git',
      ['update-index', '--add', '--cacheinfo', `160000,${execFileSync('git', ['rev-parse', 'HEAD'], { cwd: inner, encoding: 'utf8' }).trim()},lib`],
      { cwd: harness.workspace },
    )
  }],
]

function configure(repositoryPath: string, key: string, value: string): void {
  execFileSync('git', ['config', key, value], { cwd: repositoryPath })
}

test.each(ATTACKS)('%s of the workspace do not run', async (_, attack) => {
  const pwned = join(harness.folder, 'pwned')
  const from = await begin()
  attack(`touch ${pwned}`)
  write('src/greet.js', 'changed\n')
  expect(await finish(from)).toMatchObject({ outcome: 'published' })
  expect(show('src/greet.js')).toBe('changed\n')
  expect(existsSync(pwned)).toBe(false)

  // The attack is real: plain git in the workspace falls for it.
  execFileSync('git', ['add', '-A'], { cwd: harness.workspace, stdio: 'ignore' })
  expect(existsSync(pwned)).toBe(true)
})

test('resolved conflicts become a merge, so that the branch no longer conflicts', async () => {
  const tip = git.commit(repository, BRANCH, { 'README.md': 'Hello, task\n' }, 'main')
  const base = git.commit(repository, 'main', { 'README.md': 'Hello, base\n' }, 'main')
  const from = await begin({ mergeBase: true, phase: 'fix' })
  expect(from).toEqual({ outcome: 'checked-out', start: tip, onBranch: true, wip: null, merging: base })
  expect(await finish(from, { mergeBase: true, phase: 'fix' })).toMatchObject({
    outcome: 'unchanged',
    summary: expect.stringContaining('Conflicts are left in README.md'),
  })

  write('README.md', 'Hello, both\n')
  const outcome = await finish(from, { mergeBase: true, phase: 'fix' })
  expect(outcome).toMatchObject({ outcome: 'published' })
  expect(git.git(repository, 'rev-parse', `${BRANCH}^1`, `${BRANCH}^2`).trim().split('\n')).toEqual([tip, base])
  expect(git.git(repository, 'show', `${BRANCH}:README.md`)).toBe('Hello, both\n')
})
