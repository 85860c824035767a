import type { TemplateToken } from '@actions/workflow-parser/templates/tokens/template-token'
import * as z from 'zod'
import { parser } from './parser.ts'

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String)
const environment = z.record(z.string(), text).default({})
const defaults = z.object({ run: z.object({ 'shell': text.optional(), 'working-directory': text.optional() }).optional() }).optional()

const step = z.strictObject({
  'id': text.optional(),
  'name': text.optional(),
  'if': z.unknown().optional(),
  'run': text.optional(),
  'uses': text.optional(),
  'with': z.record(z.string(), text).optional(),
  'env': environment,
  'shell': text.optional(),
  'working-directory': text.optional(),
  'continue-on-error': z.boolean().default(false),
  'timeout-minutes': z.number().optional(),
})

const job = z.strictObject({
  'name': text.optional(),
  'needs': z.union([z.string().transform(one => [one]), z.array(z.string())]).default([]),
  'if': z.unknown().optional(),
  'runs-on': z.unknown().optional(),
  'permissions': z.unknown().optional(),
  'concurrency': z.unknown().optional(),
  'env': environment,
  defaults,
  'timeout-minutes': z.number().optional(),
  'steps': z.array(step),
})

const workflow = z.strictObject({
  'name': text.optional(),
  'run-name': text.optional(),
  'on': z.unknown().optional(),
  'permissions': z.unknown().optional(),
  'concurrency': z.unknown().optional(),
  'env': environment,
  defaults,
  'jobs': z.record(z.string(), job),
})

export interface WorkflowStep {
  name: string
  /** An expression; it always asks for a status function. */
  condition: string
  does: { run: string, shell: string | null, folder: string } | { uses: string }
  env: Readonly<Record<string, string>>
  continueOnError: boolean
}

export interface WorkflowJob {
  id: string
  name: string
  needs: string[]
  condition: string
  env: Readonly<Record<string, string>>
  steps: WorkflowStep[]
}

export interface BranchFilter { 'branches'?: string[], 'branches-ignore'?: string[], 'paths'?: string[], 'paths-ignore'?: string[], 'types'?: string[] }

export interface Workflow {
  name: string
  push: BranchFilter | null
  pullRequest: BranchFilter | null
  jobs: WorkflowJob[]
}

export type WorkflowReading
  = | { ok: true, workflow: Workflow }
    /** What GitHub finds wrong with the file, in its words. */
    | { ok: false, kind: 'invalid', errors: string[] }
    /** Right for GitHub, but more than the fake can run. */
    | { ok: false, kind: 'unsupported', errors: string[] }

/** Reads a workflow file as GitHub does. Values keep their `${{ }}` expressions. */
export async function readWorkflow(path: string, content: string): Promise<WorkflowReading> {
  const { context, value } = parser.parseWorkflow({ name: path, content }, new parser.NoOperationTraceWriter())
  const syntax = context.errors.getErrors().map(error => error.message)
  if (!value || syntax.length > 0)
    return { ok: false, kind: 'invalid', errors: syntax }
  const template = await parser.convertWorkflowTemplate(context, value)
  if (template.errors?.length)
    return { ok: false, kind: 'invalid', errors: template.errors.map(error => error.Message) }
  const plainly = workflow.safeParse(plain(value))
  if (!plainly.success)
    return { ok: false, kind: 'unsupported', errors: plainly.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`) }

  const root = plainly.data
  return {
    ok: true,
    workflow: {
      name: root.name ?? path,
      push: template.events.push ?? null,
      pullRequest: template.events.pull_request ?? null,
      jobs: template.jobs.flatMap((converted) => {
        const given = root.jobs[converted.id.toString()]
        if (converted.type !== 'job' || !given)
          return []
        const run = { ...root.defaults?.run, ...given.defaults?.run }
        return [{
          id: converted.id.toString(),
          name: given.name ?? converted.id.toString(),
          needs: given.needs,
          condition: converted.if.expression,
          env: { ...root.env, ...given.env },
          steps: given.steps.map((one, index) => ({
            name: one.name ?? `Run ${(one.uses ?? one.run ?? '').split('\n')[0]}`,
            condition: converted.steps[index]?.if?.expression ?? 'success()',
            does: one.uses !== undefined
              ? { uses: one.uses }
              : { run: one.run ?? '', shell: one.shell ?? run.shell ?? null, folder: one['working-directory'] ?? run['working-directory'] ?? '.' },
            env: one.env,
            continueOnError: one['continue-on-error'],
          })),
        }]
      }),
    },
  }
}

/** The parser's tokens as plain values, expressions as they are written. */
function plain(token: TemplateToken): unknown {
  if (parser.isMapping(token))
    return Object.fromEntries(Array.from(token, ({ key, value }) => [key.toString(), plain(value)]))
  if (parser.isSequence(token))
    return Array.from(token, plain)
  if (parser.isString(token) || parser.isNumber(token) || parser.isBoolean(token))
    return token.value
  return parser.isBasicExpression(token) ? token.toString() : null
}
