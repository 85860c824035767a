import type { Octokit } from '@octokit/rest'
import { RequestError } from '@octokit/request-error'
import { LRUCache } from 'lru-cache'

/** A polled task needs about seven URLs of some 10 kB; a page of check runs can have megabytes. Characters. */
const MAX_REMEMBERED = 32_000_000

type Answer = Awaited<ReturnType<Octokit['request']>>

/**
 * Caches responses by their ETags: GitHub answers 304 to a known one, which does not count against the rate limit.
 * The cache belongs to one client with one token, so the URL alone is the key.
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
      // Inner hooks are bound to this object and would not see a copy of it.
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

/** Octokit's pagination changes the response in place. */
function copy(answer: Answer): Answer {
  return structuredClone(answer)
}
