import type { Account, State } from './state.ts'

/** Whose token a request carries, by the API's header or by git's Basic credentials; undefined when it is nobody's any more. */
export function accountOf(state: State, authorization: string | undefined, now: Date): Account | undefined {
  const account = whose(state, authorization)
  return account?.until && account.until <= now ? undefined : account
}

function whose({ accounts }: State, authorization: string | undefined): Account | undefined {
  const [scheme = '', credentials = ''] = (authorization ?? '').split(' ')
  switch (scheme.toLowerCase()) {
    case 'token':
    case 'bearer':
      return accounts.get(credentials)
    case 'basic':
      return accounts.get(Buffer.from(credentials, 'base64').toString().replace(/^[^:]*:/, ''))
    default:
      return undefined
  }
}
