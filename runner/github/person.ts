import type { Octokit } from '@octokit/rest'
import type { Person } from '../job/person.ts'
import * as z from 'zod'
import { person } from '../job/person.ts'

const viewerResponse = z.object({
  viewer: z.object({ login: z.string(), databaseId: z.number().int().nullable(), name: z.string().nullable() }),
})

const VIEWER = '{ viewer { login databaseId name } }'

/** The owner of a token with GitHub's no-reply address, which keeps theirs private. Null for an App's token. */
export async function personOf(octokit: Octokit, apiUrl: string): Promise<Person | null> {
  const { viewer: { login, databaseId, name } } = viewerResponse.parse(await octokit.graphql(VIEWER))
  if (login.endsWith('[bot]') || databaseId === null)
    return null
  const host = new URL(apiUrl).hostname.replace(/^api\./, '')
  const email = `${databaseId}+${login}@users.noreply.${host}`
  // A display name on GitHub may hold any text.
  return person.safeParse({ name, email }).data ?? { name: login, email }
}
