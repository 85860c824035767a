import type { Config } from '../config/config.ts'
import type { Check } from './check.ts'
import { createGitHub } from '../github/octokit.ts'
import { check } from './check.ts'

/**
 * Whether GitHub knows the credential, and what it may do with each of the
 * repositories. Nothing without one: that is the configuration's problem.
 */
export async function checkGitHub(config: Config['github'], repositories: readonly string[]): Promise<Check[]> {
  if (config.token === null && config.app === null)
    return []
  const github = createGitHub(config)
  const known = await check('github', github.whoAmI)
  if (!known.ok)
    return [known]
  return [
    known,
    ...(await Promise.all(
      repositories.map(name =>
        check('repository', async () => `${name} can be worked on, from ${(await github.inspect(name)).defaultBranch}`),
      ),
    )),
  ]
}
