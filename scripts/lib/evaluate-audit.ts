import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'

const report = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string(), range: z.string(), isDirect: z.boolean() })),
})
const refusal = z
  .object({ message: z.string() })
  .or(z.object({ error: z.object({ summary: z.string() }) }).transform(({ error }) => ({ message: error.summary })))

/** Below these an advisory is about something nobody here does, more often than not; it is listed all the same. */
const SERIOUS = new Set(['high', 'critical'])

export interface Audit {
  /**
   * `unknown`: the registry cannot be asked, or does not answer
   * this question. That is no finding, and no clean bill either.
   */
  outcome: 'fine' | 'vulnerable' | 'unknown'
  lines: string[]
}

/** What `npm audit --json` found. */
export function evaluateAudit(output: string): Audit {
  const json = parseJson(output)
  const found = report.safeParse(json)
  if (!found.success) {
    return {
      outcome: 'unknown',
      lines: [
        `NOT AUDITED: the registry did not say (${refusal.safeParse(json).data?.message ?? 'no answer'}). Run "npm audit" against one that does before you deploy.`,
      ],
    }
  }
  const all = Object.entries(found.data.vulnerabilities)
  const serious = all.filter(([, { severity }]) => SERIOUS.has(severity))
  const lines = all.map(
    ([name, { severity, range, isDirect }]) =>
      `${severity}: ${name} ${range}${isDirect ? '' : ', through another package'}`,
  )
  return {
    outcome: serious.length === 0 ? 'fine' : 'vulnerable',
    lines: lines.length > 0 ? lines : ['Nothing is known against any package of the lockfile.'],
  }
}
