interface Env {
  /** The public internet; addresses of private networks are refused after a name was resolved. */
  INTERNET: Fetcher
  /** The server at the address of the model, whatever network it is in. */
  MODEL_HTTP: Fetcher
  MODEL_HTTPS: Fetcher
  ANTHROPIC_BASE_URL: string | null
}

/**
 * Every request that the edge makes passes here, and each redirect anew. Only the configured
 * address of the model may be private: any other could be a service of the person's network.
 */
export default {
  fetch(request, env) {
    const url = new URL(request.url)
    if (!isModel(url, env.ANTHROPIC_BASE_URL))
      return env.INTERNET.fetch(request)
    return (url.protocol === 'https:' ? env.MODEL_HTTPS : env.MODEL_HTTP).fetch(request)
  },
} satisfies ExportedHandler<Env>

function isModel(url: URL, base: string | null): boolean {
  return URL.canParse(base ?? '') && new URL(base ?? '').origin === url.origin
}
