import type { Octokit } from '@octokit/rest'
import type { Observed } from '../ci/observed.ts'
import type { RepoParams } from './repo-params.ts'
import { Buffer } from 'node:buffer'
import * as z from 'zod'
import { draftGuards } from '../ci/draft-guards.ts'
import { isSkipped } from '../ci/newest-checks.ts'
import { unlessHidden } from './unless-hidden.ts'

/** A pull request that skips jobs of more workflows than this is judged by the first ones. */
const MAX_WORKFLOWS = 20

const fileResponse = z.object({ type: z.literal('file'), encoding: z.literal('base64'), content: z.string() })

/** Reads the files of those workflows of a commit that skipped a job, because only they may skip drafts. */
export async function readDraftGuards(
  octokit: Octokit,
  repo: RepoParams,
  head: string,
  { checkRuns, workflowRuns }: Pick<Observed, 'checkRuns' | 'workflowRuns'>,
): Promise<Observed['draftGuards']> {
  const suites = new Set(checkRuns.filter(isSkipped).map(({ suite }) => suite))
  const paths = new Set(workflowRuns
    .filter(({ event, suite }) => event.startsWith('pull_request') && suites.has(suite))
    // A workflow that the organisation requires is in another repository: `path@ref`.
    .map(({ path }) => path)
    .filter(path => /^\.github\/workflows\/[^@]+$/.test(path)))
  return new Map(await Promise.all([...paths].slice(0, MAX_WORKFLOWS).map(async (path) => {
    const file = await unlessHidden(() => octokit.rest.repos.getContent({ ...repo, path, ref: head }))
    const parsed = fileResponse.safeParse(file?.data)
    const text = parsed.success ? Buffer.from(parsed.data.content, 'base64').toString() : ''
    return [path, draftGuards(text)] as const
  })))
}
