import * as z from 'zod'
import { parseJson } from '#shared/lib/parse-json.ts'

const report = z.object({
  vulnerabilities: z.record(z.string(), z.object({ severity: z.string(), range: z.string(), isDirect: z.boolean() })),
})
const refusal = z
  .object({ message: z.string() })
  .or(z.object({ error: z.object({ summary: z.string() }) }).transform(({ error }) => ({ message: error.summary })))

/** Only these fail. Lesser advisories seldom concern our use of a package, so they are only listed. */
const SERIOUS = new Set(['high', 'critical'])

export interface Audit {
  /** `unknown`: the registry is unreachable or offers no audit, so nothing is known. */
  outcome: 'fine' | 'vulnerable' | 'unknown'
  lines: string[]
}

/** Evaluates the output of `npm audit --json`. */
export function evaluateAudit(output: string): Audit {
  const json = parseJson(output)
  const found = report.safeParse(json)
  if (!found.success) {
    const why = refusal.safeParse(json).data?.message ?? 'no answer'
    const line = `NOT AUDITED: the registry did not say (${why}). `
      + 'Run "npm audit" against one that does before you deploy.'
    return { outcome: 'unknown', lines: [line] }
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
