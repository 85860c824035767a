import type { Account, State } from './state.ts'

/** Authenticates by the API's header or by git's Basic credentials; undefined for an unknown or expired token. */
export function accountOf(state: State, authorization: string | undefined, now: Date): Account | undefined {
  const account = findAccount(state, authorization)
  return account?.expiresAt && account.expiresAt <= now ? undefined : account
}

function findAccount({ accounts }: State, authorization: string | undefined): Account | undefined {
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
