import type { Config } from '../config/config.ts'
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

/** More would say no more. */
const MAX_REPOSITORIES = 10

/**
 * Everything that must be right before a task can go well. Without
 * a repository those of the tasks under way are looked at.
 */
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
  const underWay = api
    .tasks()
    .then(({ tasks }) => tasks.filter(({ state }) => !isFinished(state)).map(task => task.repository), nobody)
  const checks = await Promise.all([
    checkEdge(api, config.edge, Date.now()),
    checkCluster(config.executor),
    underWay.then(names =>
      checkGitHub(
        config.github,
        repository === undefined ? [...new Set(names)].slice(0, MAX_REPOSITORIES) : [repository],
      ),
    ),
    checkClaude(config.claude, fetch),
  ])
  return [
    ...(problems.length > 0 ? problems : [{ name: 'configuration', ok: true, say: 'every variable can be used' }]),
    ...checks.flat(),
  ]
}

/** That the edge cannot be asked is said by its own check. */
function nobody(error: unknown): string[] {
  if (error instanceof EdgeRefusal)
    return []
  throw error
}
