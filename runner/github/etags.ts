import type { Octokit } from '@octokit/rest'
import { RequestError } from '@octokit/request-error'
import { LRUCache } from 'lru-cache'

/**
 * A polled task asks about seven addresses of some 10 kB; a page
 * of check runs with long reports can have megabytes. Characters.
 */
const MAX_REMEMBERED = 32_000_000

type Answer = Awaited<ReturnType<Octokit['request']>>

/**
 * Asks again only for what has changed: GitHub answers 304 to a known ETag, which costs no
 * rate limit. The answers belong to this client's one token, so the address is key enough.
 */
export function rememberAnswers(octokit: Octokit): void {
  const answers = new LRUCache<string, Answer>({
    maxSize: MAX_REMEMBERED,
    sizeCalculation: ({ data }) => JSON.stringify(data).length,
  })

  octokit.hook.wrap('request', async (request, options) => {
    const { method, url } = octokit.request.endpoint(options)
    if (method !== 'GET' || options.request?.parseSuccessResponseBody === false)
      return request(options)

    const known = answers.get(url)
    try {
      // In place: hooks further in are bound to these options and do not see others.
      if (known)
        options.headers['if-none-match'] = known.headers.etag
      const answer = await request(options)
      if (answer.headers.etag && answer.data)
        answers.set(url, answer)
      return copy(answer)
    }
    catch (error) {
      if (!known || !(error instanceof RequestError) || error.status !== 304)
        throw error
      return copy(known)
    }
  })
}

/** Octokit's pagination rewrites the answer it is given. */
function copy(answer: Answer): Answer {
  return structuredClone(answer)
}
