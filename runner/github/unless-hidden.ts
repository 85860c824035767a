import { RequestError } from '@octokit/request-error'

/** Resolves to null where the token may not read, or GitHub has nothing. */
export async function unlessHidden<T>(read: () => Promise<T>): Promise<T | null> {
  try {
    return await read()
  }
  catch (error) {
    if (isHidden(error))
      return null
    throw error
  }
}

function isHidden(error: unknown): boolean {
  if (!(error instanceof RequestError))
    return false
  // A secondary rate limit is a 403 too, but says nothing about the rules.
  return error.status === 404 || (error.status === 403 && !/rate limit/i.test(error.message))
}
