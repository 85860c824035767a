import type { Octokit } from '@octokit/rest'
import type { Place } from './place.ts'
import * as z from 'zod'

const filesAnswer = z.array(z.object({ filename: z.string(), status: z.string(), patch: z.string().optional() }))

/** What a pull request changes so far, as a unified diff; of binary and very large files only the name. */
export async function changesOf({ rest, paginate }: Octokit, place: Place, number: number): Promise<string> {
  const files = filesAnswer.parse(await paginate(rest.pulls.listFiles, { ...place, pull_number: number, per_page: 100 }))
  return files.map(({ filename, status, patch }) => `${status} ${filename}\n${patch ?? '(not shown)'}\n`).join('\n')
}
