import type { Config } from '../config/config.ts'
import type { Check } from './check.ts'
import { createGitHub } from '../github/octokit.ts'
import { check } from './check.ts'

/**
 * Checks whether GitHub accepts the credential, and whether it suffices for each repository. Returns no check without
 * a credential, because the configuration reports that.
 */
export async function checkGitHub(config: Config['github'], repositories: readonly string[]): Promise<Check[]> {
  if (config.token === null && config.app === null)
    return []
  const github = createGitHub(config)
  const known = await check('github', github.whoAmI)
  if (!known.ok)
    return [known]
  const checks = repositories.map(name =>
    check('repository', async () => `${name} can be worked on, from ${(await github.inspect(name)).defaultBranch}`))
  return [known, ...await Promise.all(checks)]
}
