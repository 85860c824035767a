import type { GraphQLFieldResolver, GraphQLSchema } from 'graphql'
import type { Context } from 'hono'
import type { Hub } from './hub.ts'
import type { Account, Pull, Reaction, Repository } from './state.ts'
import { schema } from '@octokit/graphql-schema'
import { buildSchema, graphql } from 'graphql'
import * as z from 'zod'
import { accountOf } from './accounts.ts'
import { react } from './comments.ts'
import { nodeId, readNodeId } from './links.ts'
import { markReady } from './pulls.ts'
import { respondViolation } from './respond-violation.ts'
import { pullPage } from './responses/pull.ts'
import { findRepository, levelOf } from './state.ts'

const graphqlBody = z.object({ query: z.string(), variables: z.record(z.string(), z.unknown()).nullish(), operationName: z.string().nullish() })

/** Executes a document against GitHub's own schema; a query or result that does not fit the schema is a violation. */
export async function answerGraphQL(hub: Hub, c: Context): Promise<Response> {
  const account = accountOf(hub.state, c.req.header('authorization'), hub.now())
  if (!account)
    return c.json({ message: 'Bad credentials', documentation_url: 'https://docs.github.com/graphql', status: '401' }, 401)
  const { query, variables, operationName } = graphqlBody.parse(await c.req.json())
  const { data, errors = [] } = await graphql({
    schema: githubSchema(),
    source: query,
    rootValue: resolvers(hub, account),
    variableValues: variables ?? null,
    operationName: operationName ?? null,
    fieldResolver,
  })
  const bugs = errors.filter(error => !(error.originalError instanceof Unresolved))
  if (bugs.length > 0)
    return respondViolation(hub, c, bugs.map(String))
  const refusals = errors.map(({ message, path, locations, originalError }) =>
    ({ type: originalError instanceof Unresolved ? originalError.type : '', path, locations, message }))
  return c.json({ data, ...(refusals.length > 0 ? { errors: refusals } : {}) })
}

/** An error that GitHub reports beside the data; all other errors are bugs of the fake. */
class Unresolved extends Error {
  readonly type: 'NOT_FOUND' | 'FORBIDDEN'

  constructor(type: Unresolved['type'], message: string) {
    super(message)
    this.type = type
  }
}

function resolvers(hub: Hub, account: Account) {
  return {
    viewer: { login: account.user.login, databaseId: account.user.id, name: null },

    repository({ owner, name }: { owner: string, name: string }) {
      const repository = findRepository(hub.state, `${owner}/${name}`)
      if (!repository || levelOf(account, repository) === 'none')
        throw new Unresolved('NOT_FOUND', `Could not resolve to a Repository with the name '${owner}/${name}'.`)
      return {
        id: nodeId('R', repository.id),
        nameWithOwner: repository.fullName,
        pullRequest({ number }: { number: number }) {
          const pull = repository.pulls.find(one => one.number === number)
          if (!pull)
            throw new Unresolved('NOT_FOUND', `Could not resolve to a PullRequest with the number of ${number}.`)
          return pullNode(hub, repository, pull)
        },
      }
    },

    addReaction({ input }: { input: { subjectId: string, content: string, clientMutationId?: string } }) {
      const reactions = findReactions(hub, account, input.subjectId)
      if (!reactions || input.content !== 'EYES')
        throw new Unresolved('NOT_FOUND', `Could not resolve to a node with the global id of '${input.subjectId}'.`)
      const { id } = react(hub, reactions, account.user, 'eyes')
      return { clientMutationId: input.clientMutationId ?? null, reaction: { id: nodeId('REA', id), content: 'EYES' } }
    },

    async markPullRequestReadyForReview({ input }: { input: { pullRequestId: string, clientMutationId?: string } }) {
      const { repository, pull } = pullById(hub, account, input.pullRequestId)
      if (levelOf(account, repository) !== 'write')
        throw new Unresolved('FORBIDDEN', `${account.user.login} does not have the correct permissions to execute \`MarkPullRequestReadyForReview\``)
      await markReady(hub, repository, pull)
      return { clientMutationId: input.clientMutationId ?? null, pullRequest: pullNode(hub, repository, pull) }
    },
  }
}

/** The reactions of the comment or review with this node id. */
function findReactions(hub: Hub, account: Account, id: string): Reaction[] | undefined {
  const [commentId, lineCommentId, reviewId] = ['IC', 'PRRC', 'PRR'].map(kind => readNodeId(kind, id))
  for (const repository of hub.state.repositories.values()) {
    if (levelOf(account, repository) === 'none')
      continue
    const found = [...repository.issues, ...repository.pulls].flatMap(({ comments }) => comments).find(one => one.id === commentId)
      ?? repository.pulls.flatMap(({ lineComments }) => lineComments).find(one => one.id === lineCommentId)
      ?? repository.pulls.flatMap(({ reviews }) => reviews).find(one => one.id === reviewId)
    if (found)
      return found.reactions
  }
}

function pullById(hub: Hub, account: Account, id: string): { repository: Repository, pull: Pull } {
  const number = readNodeId('PR', id)
  for (const repository of hub.state.repositories.values()) {
    const pull = repository.pulls.find(one => one.id === number)
    if (pull && levelOf(account, repository) !== 'none')
      return { repository, pull }
  }
  throw new Unresolved('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`)
}

function pullNode(hub: Hub, repository: Repository, pull: Pull) {
  return {
    __typename: 'PullRequest',
    id: nodeId('PR', pull.id),
    number: pull.number,
    title: pull.title,
    body: pull.body ?? '',
    url: pullPage(hub.links, repository, pull),
    isDraft: pull.draft,
    merged: pull.merged !== null,
    state: pull.merged ? 'MERGED' : pull.state.toUpperCase(),
    headRefName: pull.head.ref,
    headRefOid: pull.head.sha,
    baseRefName: pull.base.ref,
  }
}

/** The default resolver returns null for a field without a resolver, which would be wrong but valid. */
const fieldResolver: GraphQLFieldResolver<unknown, unknown> = (source, args, _, { fieldName, parentType }) => {
  const value: unknown = typeof source === 'object' && source !== null ? Reflect.get(source, fieldName) : undefined
  if (value === undefined)
    throw new Error(`the fake does not have ${parentType.name}.${fieldName}; add it to its resolvers`)
  return typeof value === 'function' ? value.call(source, args) : value
}

let built: GraphQLSchema | undefined

/** Built at first use, because it takes half a second. */
function githubSchema(): GraphQLSchema {
  built ??= buildSchema(schema.idl, { assumeValid: true })
  return built
}
