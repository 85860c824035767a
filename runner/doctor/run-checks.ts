import type { Config } from '../config/config.ts'
import type { EdgeApi } from '../edge-api/edge-api.ts'
import type { Check } from './check.ts'
import process from 'node:process'
import { isFinished } from '#shared/task/state.ts'
import { configProblems } from '../config/config-problems.ts'
import { ConfigError } from '../config/config.ts'
import { readConfig } from '../config/read-config.ts'
import { createEdgeApi, EdgeRefusal } from '../edge-api/edge-api.ts'
import { checkClaude } from './check-claude.ts'
import { checkCluster } from './check-cluster.ts'
import { checkEdge } from './check-edge.ts'
import { checkGitHub } from './check-github.ts'

/** A larger sample would find the same problems. */
const MAX_REPOSITORIES = 10

/** Checks all that a task depends on. Without `repository` it checks the repositories of the unfinished tasks. */
export async function runChecks(env: NodeJS.ProcessEnv, repository: string | undefined): Promise<Check[]> {
  try {
    return await runConfigChecks(readConfig(env, process.stdout.isTTY), repository)
  }
  catch (error) {
    if (!(error instanceof ConfigError))
      throw error
    return error.message.split('\n').map(say => ({ name: 'configuration', ok: false, say }))
  }
}

async function runConfigChecks(config: Config, repository: string | undefined): Promise<Check[]> {
  const problems = configProblems(config).map(({ what, how }): Check => ({
    name: 'configuration',
    ok: false,
    say: `${what} ${how}`,
  }))
  const api = createEdgeApi({ edge: config.edge, token: config.runnerToken, ask: fetch })
  const repositories = repository === undefined ? repositoriesUnderWay(api) : Promise.resolve([repository])
  const checks = await Promise.all([
    checkEdge(api, config.edge, Date.now()),
    checkCluster(config.executor),
    repositories.then(names => checkGitHub(config.github, names)),
    checkClaude(config.claude, fetch),
  ])
  return [
    ...(problems.length > 0 ? problems : [{ name: 'configuration', ok: true, say: 'every variable can be used' }]),
    ...checks.flat(),
  ]
}

async function repositoriesUnderWay(api: EdgeApi): Promise<string[]> {
  try {
    const unfinished = (await api.tasks()).tasks.filter(({ state }) => !isFinished(state))
    return [...new Set(unfinished.map(task => task.repository))].slice(0, MAX_REPOSITORIES)
  }
  catch (error) {
    // The check of the edge reports this error.
    if (error instanceof EdgeRefusal)
      return []
    throw error
  }
}
