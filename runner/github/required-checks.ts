import type { Octokit } from '@octokit/rest'
import type { Place } from './place.ts'
import { RequestError } from '@octokit/request-error'
import { branchAnswer, rulesAnswer } from './answers.ts'

/** The checks that a branch's protection and rulesets require. What the token may not see or the plan does not have requires nothing. */
export async function requiredChecks(octokit: Octokit, place: Place, branch: string): Promise<string[]> {
  const [protection, rules] = await Promise.all([
    unlessHidden(async () => branchAnswer.parse((await octokit.rest.repos.getBranch({ ...place, branch })).data).protection),
    unlessHidden(async () => rulesAnswer.parse(await octokit.paginate(octokit.rest.repos.getBranchRules, { ...place, branch, per_page: 100 }))),
  ])
  const ruled = (rules ?? []).flatMap(({ type, parameters }) => type === 'required_status_checks' ? parameters?.required_status_checks ?? [] : [])
  const contexts = protection?.enabled ? protection.required_status_checks?.contexts ?? [] : []
  return [...new Set([...contexts, ...ruled.map(({ context }) => context)])]
}

async function unlessHidden<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  }
  catch (error) {
    // A secondary rate limit is a 403 too, and is not an answer.
    if (error instanceof RequestError && (error.status === 404 || (error.status === 403 && !/rate limit/i.test(error.message))))
      return null
    throw error
  }
}
