import type { CheckRun, CommitStatus, WorkflowJob, WorkflowRun } from '../ci/observed.ts'
import * as z from 'zod'

// Each schema has only the fields that mainloop uses, and turns them into its own types.

const id = z.number().int()
export const time = z.string().transform((text, context) => {
  const at = Date.parse(text)
  if (Number.isNaN(at))
    context.addIssue('not a time')
  return at
})

export const repositoryResponse = z.object({
  default_branch: z.string().min(1),
  archived: z.boolean().optional(),
  permissions: z.object({ push: z.boolean().optional() }).optional(),
})

const listedPull = z.object({
  number: z.number().int().positive(),
  html_url: z.string(),
  draft: z.boolean().optional(),
  body: z.string().nullable(),
  state: z.enum(['open', 'closed']),
  node_id: z.string(),
  created_at: time,
  head: z.object({ ref: z.string(), sha: z.string() }),
  base: z.object({ ref: z.string() }),
})
export const pullsResponse = z.array(listedPull)
export const pullResponse = listedPull.extend({
  merged: z.boolean(),
  mergeable: z.boolean().nullable(),
  mergeable_state: z.string().optional(),
})
export type ListedPull = z.infer<typeof listedPull>
export type PullResponse = z.infer<typeof pullResponse>

export const commitResponse = z.object({ commit: z.object({ committer: z.object({ date: time }).nullable() }) })

export const branchResponse = z.object({
  commit: z.object({ sha: z.string() }),
  protection: z
    .object({
      enabled: z.boolean().optional(),
      required_status_checks: z.object({ contexts: z.array(z.string()).optional() }).nullish(),
    })
    .optional(),
})

export const rulesResponse = z.array(z.object({
  type: z.string(),
  parameters: z.object({ required_status_checks: z.array(z.object({ context: z.string() })).optional() }).optional(),
}))

const text = z.string().nullish()
export const checkRunsResponse = z.array(z.object({
  id,
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  html_url: z.string().nullish(),
  app: z.object({ slug: z.string().optional() }).nullish(),
  check_suite: z.object({ id }).nullish(),
  output: z.object({ title: text, summary: text, text }).nullish(),
}).transform(({ app, check_suite, html_url, output, ...run }): CheckRun => ({
  ...run,
  app: app?.slug ?? null,
  suite: check_suite?.id ?? null,
  url: html_url ?? null,
  report: [output?.title, output?.summary, output?.text].filter(Boolean).join('\n\n'),
})))

export const statusesResponse = z.array(
  z
    .object({
      id,
      context: z.string(),
      state: z.string(),
      description: text,
      target_url: text,
    })
    .transform(({ description, target_url, ...status }): CommitStatus => ({
      ...status,
      description: description ?? null,
      url: target_url || null,
    })),
)

export const workflowRunsResponse = z.array(z.object({
  id,
  name: text,
  path: z.string(),
  workflow_id: id,
  event: z.string(),
  check_suite_id: id.nullish(),
  status: z.string().nullable(),
  conclusion: z.string().nullable(),
  html_url: z.string(),
}).transform(({ name, workflow_id, check_suite_id, html_url, ...run }): WorkflowRun => ({
  ...run,
  name: name || run.path,
  workflow: workflow_id,
  suite: check_suite_id ?? null,
  url: html_url,
})))

export const jobsResponse = z.array(
  z
    .object({
      id,
      name: z.string(),
      conclusion: z.string().nullable(),
      html_url: z.string().nullable(),
      steps: z.array(z.object({ name: z.string(), conclusion: z.string().nullable() })).optional(),
    })
    .transform(({ steps = [], html_url, ...job }): WorkflowJob => ({
      ...job,
      url: html_url,
      failingSteps: steps
        .filter(({ conclusion }) => conclusion === 'failure' || conclusion === 'timed_out')
        .map(({ name }) => name),
    })),
)

export const annotationsResponse = z.array(z.object({
  path: z.string(),
  start_line: z.number(),
  annotation_level: text,
  message: text,
  title: text,
}))
