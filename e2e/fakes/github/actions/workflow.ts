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
  /** An expression; the parser has added `success()` unless it calls a status function already. */
  condition: string
  action: { run: string, shell: string | null, folder: string } | { uses: string }
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

export type ParsedWorkflow
  = | { ok: true, workflow: Workflow }
    /** Invalid on GitHub too; the errors are those of its parser. */
    | { ok: false, kind: 'invalid', errors: string[] }
    /** Valid on GitHub, but the fake cannot run it. */
    | { ok: false, kind: 'unsupported', errors: string[] }

/** Parses a workflow file with GitHub's own parser. Values keep their `${{ }}` expressions. */
export async function parseWorkflow(path: string, content: string): Promise<ParsedWorkflow> {
  const { context, value } = parser.parseWorkflow({ name: path, content }, new parser.NoOperationTraceWriter())
  const syntax = context.errors.getErrors().map(error => error.message)
  if (!value || syntax.length > 0)
    return { ok: false, kind: 'invalid', errors: syntax }
  const template = await parser.convertWorkflowTemplate(context, value)
  if (template.errors?.length)
    return { ok: false, kind: 'invalid', errors: template.errors.map(error => error.Message) }
  const supported = workflow.safeParse(toPlain(value))
  if (!supported.success)
    return { ok: false, kind: 'unsupported', errors: supported.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`) }

  const root = supported.data
  return {
    ok: true,
    workflow: {
      name: root.name ?? path,
      push: template.events.push ?? null,
      pullRequest: template.events.pull_request ?? null,
      jobs: template.jobs.flatMap((converted) => {
        const id = converted.id.toString()
        const source = root.jobs[id]
        if (converted.type !== 'job' || !source)
          return []
        const run = { ...root.defaults?.run, ...source.defaults?.run }
        return [{
          id,
          name: source.name ?? id,
          needs: source.needs,
          condition: converted.if.expression,
          env: { ...root.env, ...source.env },
          steps: source.steps.map((one, index) => ({
            name: one.name ?? `Run ${(one.uses ?? one.run ?? '').split('\n')[0]}`,
            condition: converted.steps[index]?.if?.expression ?? 'success()',
            action: one.uses !== undefined
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

/** Converts the parser's tokens to plain values; expressions remain text. */
function toPlain(token: TemplateToken): unknown {
  if (parser.isMapping(token))
    return Object.fromEntries(Array.from(token, ({ key, value }) => [key.toString(), toPlain(value)]))
  if (parser.isSequence(token))
    return Array.from(token, toPlain)
  if (parser.isString(token) || parser.isNumber(token) || parser.isBoolean(token))
    return token.value
  return parser.isBasicExpression(token) ? token.toString() : null
}
