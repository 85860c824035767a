import { defineCommand } from 'citty'
import { webhookPath } from '#shared/protocol/access.ts'
import { webhookSteps } from './webhook-steps.ts'
import { withEdge } from './with-edge.ts'

export const webhookCommand = defineCommand({
  meta: {
    name: 'webhook',
    description: 'Make a webhook\'s address and secret and say where on GitHub they belong, so that results are seen '
      + 'within seconds; without one they are seen with the next poll',
  },
  args: {
    name: { type: 'string', default: 'GitHub', description: 'How it is called in the list of tokens' },
    json: { type: 'boolean', default: false, description: 'As JSON, for programs' },
  },
  run: ({ args }) =>
    withEdge(async (api, edge) => {
      const { token, secret, view } = await api.createToken({ kind: 'github', name: args.name, scopes: [], days: null })
      const webhook = { id: view.id, url: edge + webhookPath(token), secret }
      console.log(args.json ? JSON.stringify(webhook, null, 2) : webhookSteps(webhook))
    }),
})
