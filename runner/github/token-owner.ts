import type { Octokit } from '@octokit/rest'
import type { CoAuthor } from '../job/co-author.ts'
import * as z from 'zod'
import { coAuthor } from '../job/co-author.ts'

const viewerResponse = z.object({
  viewer: z.object({ login: z.string(), databaseId: z.number().int().nullable(), name: z.string().nullable() }),
})

const VIEWER = '{ viewer { login databaseId name } }'

/** The owner of a token with GitHub's no-reply address, which keeps theirs private. Null for an App's token. */
export async function tokenOwner(octokit: Octokit, apiUrl: string): Promise<CoAuthor | null> {
  const { viewer: { login, databaseId, name } } = viewerResponse.parse(await octokit.graphql(VIEWER))
  if (login.endsWith('[bot]') || databaseId === null)
    return null
  const host = new URL(apiUrl).hostname.replace(/^api\./, '')
  const email = `${databaseId}+${login}@users.noreply.${host}`
  // A display name on GitHub may hold any text.
  return coAuthor.safeParse({ name, email }).data ?? { name: login, email }
}
