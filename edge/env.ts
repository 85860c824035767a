/**
 * The Worker's variables, typed by hand: the generated file is
 * 16,000 lines and says no more. The objects are in bindings.ts.
 */
export interface Env {
  ASSETS: Fetcher
  /** What people attach to their messages, each under their own object's id. */
  ATTACHMENTS: R2Bucket
  /** Counts wrong tokens by address, in memory: each costs nothing else. */
  WRONG_TOKENS: RateLimit
  /** Pairs the first device, and signs every token; printed by `make dev` and by deploy. */
  SETUP_SECRET: string
  /** What the runner of the deployment presents; others are made in the app. */
  RUNNER_TOKEN: string
  /** Absent: the demo model answers, and the page says so. */
  ANTHROPIC_API_KEY?: string
  ANTHROPIC_BASE_URL?: string
  /** The names this deployment is reached under, separated by commas; loopback needs no entry. */
  HOSTS?: string
  /**
   * Cloudflare Access in front, as a second wall: `https://TEAM.cloudflareaccess.com`, and the application's AUD tag.
   */
  ACCESS_ISSUER?: string
  ACCESS_AUDIENCE?: string
  /** The conversation's model id. */
  MODEL: string
  /** The id of the model that writes summaries; the conversation's own when absent. */
  SUMMARY_MODEL?: string
  /** Push services besides the browsers' own, by host, separated by commas; `*.` stands for any name below. */
  PUSH_HOSTS?: string
  /** A whole number, raised by one when storage was restored to an earlier point, so that every device notices. */
  EPOCH?: string
}
