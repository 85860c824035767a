export interface Webhook {
  id: string
  url: string
  secret: string | null
}

/** The names on GitHub's own page. */
const EVENTS = [
  'Check runs',
  'Statuses',
  'Workflow runs',
  'Pull requests',
  'Pull request reviews',
  'Pull request review comments',
  'Issue comments',
  'Issues',
  'Pushes',
  'Branch or tag deletion',
  'Repositories',
]

/** The instructions for a new webhook, with its secret, which is not shown again. */
export function webhookSteps({ id, url, secret }: Webhook): string {
  return [
    'On GitHub, in the settings of the repository, of its organisation or of your GitHub App, add a webhook:',
    '',
    `  Payload URL   ${url}`,
    '  Content type  application/json',
    `  Secret        ${secret}`,
    `  Events        ${EVENTS.join(', ')}`,
    '',
    ...(isLocal(url) ? [LOCAL_WARNING, ''] : []),
    'The secret is shown only now. "mainloop token list" says when GitHub last delivered; '
    + `"mainloop token revoke ${id}" ends it.`,
  ].join('\n')
}

const LOCAL_WARNING = 'GitHub cannot reach this address: it is of this machine. '
  + 'Put the edge\'s public one in front of /github instead.'

function isLocal(url: string): boolean {
  return /^(?:(?:.+\.)?localhost|127\..+|\[::1\])$/.test(new URL(url).hostname)
}
