import type { Octokit } from '@octokit/rest'
import * as z from 'zod'
import { GitHubError } from './github.ts'

const answer = z.object({ data: z.object({ viewer: z.object({ login: z.string() }) }) })

/** Whose token it is, as a sentence. Only classic tokens say what they may do; a fine-grained one shows it with each repository. */
export async function tokenIdentity(client: Octokit): Promise<string> {
  const { data, headers } = await client.request('POST /graphql', { query: '{ viewer { login } }' })
  const { login } = answer.parse(data).data.viewer
  const said = headers['x-oauth-scopes']
  if (typeof said !== 'string')
    return `the token is ${login}'s`
  const scopes = said.split(',').map(scope => scope.trim()).filter(Boolean)
  if (!scopes.includes('repo'))
    throw new GitHubError('no-access', `The GitHub token of ${login} lacks the scope "repo"${scopes.length > 0 ? ` (it has ${scopes.join(', ')})` : ''}. Make one with "repo" and "workflow", or better a fine-grained one, and set GITHUB_TOKEN.`)
  return `the token is ${login}'s, with the scopes ${scopes.join(', ')}${scopes.includes('workflow') ? '' : '; without "workflow" it cannot push changes to workflow files'}`
}
