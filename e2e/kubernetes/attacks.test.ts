import type { AttemptResult } from '#shared/model/task-event.ts'
import type { Alarm } from './alarm.ts'
import type { Bench } from './bench.ts'
import type { Attack, Knowledge } from './hostile-agent.ts'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { execa } from 'execa'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { MODEL_PRICES } from '#shared/model/model-prices.ts'
import { basic } from '#shared/redact.ts'
import { createAttemptTokens } from '../../runner/gateway/attempt-token.ts'
import { createGateway } from '../../runner/gateway/gateway.ts'
import { createLedger } from '../../runner/gateway/ledger.ts'
import { listen } from '../../runner/gateway/listen.ts'
import { jobSpecOf } from '../../runner/testing/job-spec.ts'
import { until } from '../../scripts/lib/until.ts'
import { startAlarm } from './alarm.ts'
import { startBench } from './bench.ts'
import { attackFile, hostileModel, hostilePrompt, nameOf } from './hostile-agent.ts'

const given = inject('cluster')

const REPOSITORY = 'octo/trap'
const attacker = jobSpecOf({ task: 'attackerss', repository: REPOSITORY, prompt: hostilePrompt('look', 'push', 'borrow', 'plant', 'run-git', 'forge') })
const exchanger = jobSpecOf({ task: 'exchangers', repository: REPOSITORY, prompt: hostilePrompt('swap') })
/** Another task's attempt, at work at the same time. */
const victim = jobSpecOf({ task: 'victimtask', prompt: 'Hang, please.' })
const over = jobSpecOf({ task: 'longagotas' })

/** What springs when git is run in the planted checkout. */
const TRAPS = ['fsmonitor', 'filter', 'pre-commit', 'post-commit', 'reference-transaction', 'post-index-change']

describe.skipIf(given === null)('an agent that attacks from inside its pod', () => {
  const tokens = createAttemptTokens('the runner\'s secret')
  const ledger = createLedger({ dayBudgetUsd: 100, now: Date.now })
  let bench: Bench
  let alarm: Alarm
  let gateway: Awaited<ReturnType<typeof startGateway>>
  let knowledge: Knowledge
  let secrets: string
  let ends: { attacker: AttemptResult, exchanger: AttemptResult }

  beforeAll(async () => {
    bench = await startBench(must(given, 'a cluster'))
    alarm = await startAlarm(bench.hostAddress)
    gateway = await startGateway()
    // The checkout brings settings and a server of its own for Claude Code.
    const call = (what: string): string => `node -e "fetch('${alarm.url}/call/${what}/agent', { method: 'POST' })"`
    const hooks = [{ matcher: '*', hooks: [{ type: 'command', command: call('claude-hook') }] }]
    bench.git.create(REPOSITORY, {
      'README.md': 'Hello\n',
      '.claude/settings.json': JSON.stringify({ hooks: { SessionStart: hooks, PreToolUse: hooks, Stop: hooks } }),
      '.mcp.json': JSON.stringify({ mcpServers: { trap: { command: 'sh', args: ['-c', call('mcp-server')] } } }),
    })
    knowledge = {
      ALARM: alarm.url,
      GATEWAY: gateway.url,
      GIT_SERVER: bench.git.url,
      REPOSITORY,
      NAMESPACE: bench.namespace,
      OVER_TOKEN: tokens.of(over),
      OTHER_ATTEMPT: nameOf(victim),
      PLANTED: 'planted',
    }
    const hostile = await hostileModel(knowledge)
    const harmless = bench.model.script
    bench.model.script = (request, step) => request.text.includes('Attack with') ? hostile(request, step) : harmless(request, step)

    const executor = bench.open({ secrets: async spec => ({
      git: { serverUrl: bench.git.url, token: bench.git.token },
      model: { apiKey: tokens.of(spec), oauthToken: null, baseUrl: gateway.url },
    }) })
    await executor.ensure(victim)
    await until('the victim to be at work', () => bench.model.requests.some(({ text }) => text.includes(victim.prompt)))
    await Promise.all([executor.ensure(attacker), executor.ensure(exchanger)])
    ends = { attacker: await bench.end(executor, attacker), exchanger: await bench.end(executor, exchanger) }
    secrets = await bench.kubectl('get', 'secrets', '-o', 'name')
    await Promise.all([attacker, exchanger, victim].map(({ name }) => executor.remove(name)))
  })

  afterAll(async () => {
    alarm.close()
    gateway.close()
    await bench.close()
  })

  test('finds its own token in environments, arguments, files and volumes, and no other', () => {
    const { look } = alarm.loot
    expect(look).toContain(`ANTHROPIC_API_KEY=${tokens.of(attacker)}`)
    expect(look).toContain(`"apiKey":"${tokens.of(attacker)}"`)
    expect([bench.git.token, basic(bench.git.token), tokens.of(victim), gateway.credential].filter(secret => look?.includes(secret))).toEqual([])
  })

  test('has no account in the cluster, where the API server tells a stranger nothing; metadata is not there', () => {
    const { look } = alarm.loot
    expect(look).toContain('service account: none')
    expect(look).toMatch(/api server: 40[13]\n/)
    expect(look).toContain('metadata: unreachable')
    // There is something to tell.
    expect(secrets).toContain(`secret/${victim.name}`)
  })

  test('is no administrator of its container, and cannot change the program or what it was told', () => {
    const { look } = alarm.loot
    expect(look).toContain('uid=1000')
    expect(look).toContain('CapEff:\t0000000000000000')
    expect(look).toContain('NoNewPrivs:\t1')
    expect(look).toContain('Seccomp:\t2')
    expect(look).not.toMatch(/^written: /m)
  })

  test('cannot push: not to main, not to another branch, not by a rewritten remote', () => {
    expect(alarm.loot.push).toMatch(/push to main: [1-9]\d*\n/)
    expect(alarm.loot.push).toMatch(/push to release: [1-9]\d*\n/)
    expect(refsOf(REPOSITORY)).toEqual(['refs/heads/main', `refs/heads/${attacker.branch}`])
    expect(alarm.calls.filter(call => call.includes('git-receive-pack') && !call.includes('elsewhere'))).toEqual([])
  })

  test('asks the model under its own name only', () => {
    expect(alarm.loot.borrow?.split('\n').filter(line => line !== '')).toEqual(['own: 200', 'of an attempt that is over: 401', 'with the name of another that runs: 401'])
  })

  test('what it plants runs where it is, and nowhere else; what the checkout brought does not run at all', () => {
    expect(TRAPS.filter(trap => !alarm.calls.includes(`${trap}/agent`))).toEqual([])
    expect(alarm.calls.filter(call => /elsewhere$|^claude-hook|^mcp-server/.test(call))).toEqual([])
    // It was there to be run, and is published as the plain files it consists of.
    expect(bench.git.git(REPOSITORY, 'show', `${attacker.branch}:README.md`)).toBe('Hello\nplanted\n')
  })

  test('is not believed what it says about the end of the attempt', () => {
    expect(ends.attacker).toMatchObject({ outcome: 'published', summary: 'Looked around.', head: bench.git.git(REPOSITORY, 'rev-parse', attacker.branch).trim() })
  })

  test('gets nothing published by exchanging the checkout for what only the next stage may read', () => {
    expect(ends.exchanger).toMatchObject({ outcome: 'failed', kind: 'crashed', reason: expect.stringContaining('publish') })
    expect(refsOf(REPOSITORY)).not.toContain(`refs/heads/${exchanger.branch}`)
  })

  describe('the same attacks where nothing stops them', () => {
    let folder: string
    let unguarded: Alarm

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'mainloop-unguarded-'))
      unguarded = await startAlarm('127.0.0.1')
      bench.git.create('octo/unguarded', { 'README.md': 'Hello\n' })
      await execa('git', ['clone', '--quiet', `${open()}/octo/unguarded.git`, join(folder, 'tree')])
    })
    afterAll(async () => {
      unguarded.close()
      await rm(folder, { recursive: true })
    })

    test('a token in a file and in an environment is found', async () => {
      await writeFile(join(folder, 'git.json'), JSON.stringify({ token: bench.git.token }))
      await run('look', { LOOK_IN: folder, PROCESSES: '/proc/self', PLACES: folder, TOKEN_OF_ANOTHER: tokens.of(victim) })
      expect(unguarded.loot.look).toContain(`"token":"${bench.git.token}"`)
      expect(unguarded.loot.look).toContain(`TOKEN_OF_ANOTHER=${tokens.of(victim)}`)
      expect(unguarded.loot.look).toContain(`written: ${folder}\n`)
    })

    test('with a token in the address, the pushes arrive', async () => {
      await run('push', {})
      expect(unguarded.loot.push).toContain('push to main: 0\n')
      expect(refsOf('octo/unguarded')).toEqual(['refs/heads/main', 'refs/heads/release'])
    })

    test('with the token of an attempt that runs, the model answers', async () => {
      ledger.admit([attacker, over].map(({ task, attempt }) => ({ task, attempt, budgetUsd: 1, spent: { costUsd: 0, inputTokens: 0, outputTokens: 0 }, ended: false })))
      await run('borrow', { OWN_TOKEN: tokens.of(attacker) })
      expect(unguarded.loot.borrow).toContain('of an attempt that is over: 200')
    })

    test('whoever runs git in the checkout springs each trap, and pushes to the attacker', async () => {
      await run('plant', {})
      await run('run-git', {})
      expect(TRAPS.filter(trap => !unguarded.calls.includes(`${trap}/elsewhere`))).toEqual([])
      expect(unguarded.calls.filter(call => call.startsWith('/push/'))).not.toEqual([])
    })

    // What is found is shown when it is not what was expected, so there is nothing of this machine's to find.
    async function run(attack: Attack, env: Record<string, string>) {
      await execa('sh', [attackFile(attack)], { cwd: join(folder, 'tree'), extendEnv: false, env: { PATH: process.env.PATH ?? '', ...knowledge, ALARM: unguarded.url, GIT_SERVER: open(), REPOSITORY: 'octo/unguarded', ...env }, reject: false })
    }

    function open(): string {
      return bench.git.url.replace('//', `//x-access-token:${bench.git.token}@`)
    }
  })

  function refsOf(repository: string): string[] {
    return bench.git.git(repository, 'for-each-ref', '--format=%(refname)').trim().split('\n')
  }

  async function startGateway() {
    const credential = 'the-real-credential'
    ledger.admit([attacker, exchanger, victim].map(({ task, attempt }) => ({ task, attempt, budgetUsd: 1, spent: { costUsd: 0, inputTokens: 0, outputTokens: 0 }, ended: false })))
    const server = createGateway({ upstream: bench.model.url, credential: { apiKey: credential, oauthToken: null }, prices: MODEL_PRICES, tokens, ledger, now: Date.now, bug: console.error })
    const port = await listen(server, { host: bench.hostAddress, port: 0 }, '')
    return {
      url: `http://${bench.hostAddress}:${port}`,
      credential,
      close() {
        server.close()
        server.closeAllConnections()
      },
    }
  }
})
