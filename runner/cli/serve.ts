import type { Config } from '../config/config.ts'
import process from 'node:process'
import { defineCommand } from 'citty'
import { nanoid } from 'nanoid'
import { checkTimeoutsFor } from '../ci/evaluate-checks.ts'
import { configProblems } from '../config/config-problems.ts'
import { ConfigError } from '../config/config.ts'
import { readConfig } from '../config/read-config.ts'
import { createEdgeConnection, SupersededError } from '../edge-connection/edge-connection.ts'
import { createExecutor } from '../executor/create-executor.ts'
import { createLedger } from '../gateway/ledger.ts'
import { startGateway } from '../gateway/start-gateway.ts'
import { createGitHub } from '../github/octokit.ts'
import { createWake } from '../lib/wake.ts'
import { createLog, secretsOf } from '../log.ts'
import { startPairingPage } from '../pairing/start-pairing-page.ts'
import { composePrompt } from '../reconcile/compose-prompt.ts'
import { reconcile } from '../reconcile/reconcile.ts'

export const serveCommand = defineCommand({
  meta: {
    name: 'serve',
    description:
      'Connect to the edge (it dials out; nothing listens for the internet) and work on its tasks until stopped.',
  },
  run: async () => {
    const stop = new AbortController()
    // A second signal ends the process at once, as without a handler.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
    try {
      await serve(readConfig(process.env, process.stdout.isTTY), { signal: stop.signal })
    }
    catch (error) {
      if (!(error instanceof ConfigError || error instanceof SupersededError))
        throw error
      console.error(error.message)
      process.exitCode = 1
    }
  },
})

export interface ServeOptions {
  signal: AbortSignal
  /** Called before every effect with its name. */
  onStep?: (step: string) => void
}

/** Serves until the signal aborts; workers run on. Rejects with `SupersededError` when another runner took over. */
export async function serve(config: Config, { signal, onStep }: ServeOptions): Promise<void> {
  const log = createLog(config.log, secretsOf(config))
  const problems = configProblems(config)
  for (const { what, how } of problems)
    log.warn(`${what} ${how}`)

  const wake = createWake()
  const ledger = createLedger({ dayBudgetUsd: config.dayBudgetUsd, now: Date.now })
  const gateway = await startGateway(config, ledger, error =>
    log.error(error, 'Could not pass a request on to the model.'))
  const pairPage = await startPairingPage(config, log)
  const github = createGitHub({
    ...config.github,
    checkTimeouts: checkTimeoutsFor(config.quietMs),
    log: line => log.info(line),
  })
  const { serverUrl } = config.github
  const executor = await createExecutor(config, async attempt => ({
    checkout: { serverUrl, token: await github.gitToken(attempt.repository, 'checkout') },
    git: { serverUrl, token: await github.gitToken(attempt.repository, 'publish') },
    model: gateway.access(attempt),
  }))
  const instance = nanoid()
  const edgeConnection = createEdgeConnection({
    edge: config.edge,
    token: config.runnerToken,
    hello: { instance, executor: executor.kind, problems },
    say: (level, sentence) => log[level](sentence),
    spent: ledger.setDaySpend,
    changed: wake.up,
  })
  // The end of either of the two ends the other.
  const over = new AbortController()
  const until = AbortSignal.any([signal, over.signal])

  const ends = await Promise.allSettled([
    edgeConnection.run(until).finally(() => over.abort()),
    reconcile({
      ...config,
      edgeConnection,
      executor,
      ledger,
      github,
      composePrompt,
      wake,
      now: Date.now,
      newId: nanoid,
      onStep: (step) => {
        log.debug(step)
        onStep?.(step)
      },
      bug: (error, doing) => log.error(error, `Could not ${doing}.`),
    }, until).finally(() => over.abort()),
  ])
  gateway.close()
  pairPage?.close()
  pairPage?.closeAllConnections()
  for (const end of ends) {
    if (end.status === 'rejected')
      throw end.reason
  }
  log.info('Stopped. Workers that run go on and are found again.')
}
