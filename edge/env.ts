/** The Worker's variables, typed by hand because the generated file has 16,000 lines. bindings.ts has the objects. */
export interface Env {
  ASSETS: Fetcher
  /** The files attached to messages, under the id of the person's object. */
  ATTACHMENTS: R2Bucket
  /** Counts wrong tokens by address, in memory, so that a wrong token costs no storage. */
  WRONG_TOKENS: RateLimit
  /** Pairs the first device and signs every token; `make dev` and deploying print it. */
  SETUP_SECRET: string
  /** The token of the deployment's own runner; further ones are created in the app. */
  RUNNER_TOKEN: string
  /** Without it the demo model replies, and the page shows that. */
  ANTHROPIC_API_KEY?: string
  ANTHROPIC_BASE_URL?: string
  /** The host names of this deployment, separated by commas; loopback needs no entry. */
  HOSTS?: string
  /** Cloudflare Access in front: `https://TEAM.cloudflareaccess.com`, and the application's AUD tag. */
  ACCESS_ISSUER?: string
  ACCESS_AUDIENCE?: string
  /** The conversation's model id. */
  MODEL: string
  /** The id of the model that writes summaries; the conversation's own when absent. */
  SUMMARY_MODEL?: string
  /** Hosts of push services besides the browsers' own, separated by commas; `*.` matches any subdomain. */
  PUSH_HOSTS?: string
  /** A whole number, to be raised by one when storage was restored, so that every device starts over. */
  EPOCH?: string
}
