import type { TokenView } from '#shared/protocol/access.ts'
import process from 'node:process'
import { defineCommand } from 'citty'
import * as z from 'zod'
import { newToken } from '#shared/protocol/access.ts'
import { rotateToken } from './rotate-token.ts'
import { withEdge } from './with-edge.ts'

const list = defineCommand({
  meta: { name: 'list', description: 'The tokens there are, without their secrets' },
  run: () => withEdge(async api => (await api.tokens()).tokens.map(describe).forEach(line => console.log(line))),
})

const create = defineCommand({
  meta: { name: 'create', description: 'Make a token and print it, this once' },
  args: {
    name: { type: 'positional', description: 'What it is for', required: true },
    kind: { type: 'enum', options: ['mcp', 'runner'], default: 'mcp', description: 'Who will present it' },
    scopes: {
      type: 'string',
      default: 'read',
      description: 'What an MCP client may do: read, write, act, separated by commas',
    },
    days: { type: 'string', description: 'After how many days it expires; without this when it is revoked' },
  },
  run: ({ args }) =>
    withEdge(async (api) => {
      const parsed = newToken.safeParse({
        kind: args.kind,
        name: args.name,
        scopes: args.kind === 'mcp' ? args.scopes.split(',').map(scope => scope.trim()) : [],
        days: args.days === undefined ? null : Number(args.days),
      })
      if (!parsed.success) {
        console.error(z.prettifyError(parsed.error))
        process.exitCode = 1
        return
      }
      const { token, view } = await api.createToken(parsed.data)
      console.error(describe(view))
      console.log(token)
    }),
})

const revoke = defineCommand({
  meta: { name: 'revoke', description: 'Make a token void at once' },
  args: { id: { type: 'positional', description: 'Its id, as the list shows it', required: true } },
  run: ({ args }) => withEdge(async (api) => {
    await api.revokeToken(args.id)
    console.log(`${args.id} opens nothing any more.`)
  }),
})

const rotate = defineCommand({
  meta: {
    name: 'rotate',
    description: 'Make another token in the place of one, print it, this once, and make the old one void',
  },
  args: { id: { type: 'positional', description: 'Its id, as the list shows it', required: true } },
  run: ({ args }) =>
    withEdge(async (api) => {
      const { token, view } = await rotateToken(api, args.id)
      console.error(describe(view))
      console.log(token)
    }),
})

export const tokenCommand = defineCommand({
  meta: { name: 'token', description: 'List, create, rotate and revoke the tokens of runners and MCP clients' },
  subCommands: { list, create, rotate, revoke },
})

function describe({ id, kind, name, scopes, expiresAt, seenAt }: TokenView): string {
  const rights = scopes.length > 0 ? ` (${scopes.join(', ')})` : ''
  const used = seenAt === null ? 'never used' : `used ${new Date(seenAt).toISOString()}`
  const end = expiresAt === null ? 'does not expire' : `until ${new Date(expiresAt).toISOString()}`
  return `${id}  ${kind}${rights}  ${name}  ${used}  ${end}`
}
