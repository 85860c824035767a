import type { RepositoryName } from '#shared/model/repository.ts'
import type { Task, TaskId } from '#shared/model/task.ts'
import type { ReadTx, Tx } from '#shared/mutators/tx.ts'
import { customAlphabet } from 'nanoid'
import * as z from 'zod'
import { text } from '#shared/model/bounded.ts'
import { branchProblem } from '#shared/model/branch.ts'
import { MAX_BRIEF_LENGTH, MAX_FIXES } from '#shared/model/limits.ts'
import { Refused } from '#shared/model/refusal.ts'
import { parseRepository } from '#shared/model/repository.ts'
import { list, rows } from '#shared/model/rows.ts'
import { taskKey } from '#shared/model/task.ts'
import { appendMessage } from '#shared/mutators/append-message.ts'

/** Enough for a usual change with a few fixes; the person can change it on the card. USD. */
const DEFAULT_BUDGET_USD = 5

export const proposeTaskInput = z.object({
  repository: z
    .string()
    .max(500)
    .optional()
    .describe(`owner/name or https://github.com/owner/name. Leave it out when the person named none: \
the answer lists the ones used last.`),
  title: text().trim().min(1).max(200).describe('What will be done, in a few words.'),
  brief: text()
    .trim()
    .min(1)
    .max(MAX_BRIEF_LENGTH)
    .describe('Everything the worker must know; it has not read this conversation.'),
  base: text()
    .trim()
    .min(1)
    .max(200)
    .nullish()
    .describe('The branch to start from. Leave it out for the default branch.'),
  planFirst: z
    .boolean()
    .optional()
    .describe('True when the person should see a plan before anything is changed: for work that is large or unclear.'),
  model: text().trim().min(1).max(100).nullish().describe('Only when the person named a model for this task.'),
  budgetUsd: z
    .number()
    .positive()
    .max(1000)
    .optional()
    .describe(`What the task may cost. Leave it out for $${DEFAULT_BUDGET_USD}, unless the person named an amount.`),
})
export type ProposeTaskInput = z.infer<typeof proposeTaskInput>

/** Ten characters of the alphabet of `taskId`, about 52 random bits. */
export const newTaskId: () => TaskId = customAlphabet('0123456789abcdefghijklmnopqrstuvwxyz', 10)

/** Adds a proposal and its card to the conversation. Throws `Refused` for an invalid repository or branch. */
export async function proposeTask(tx: Tx, input: ProposeTaskInput, newTaskId: () => TaskId): Promise<Task> {
  const repository = parseRepository(input.repository ?? '')
  if (!repository.ok)
    throw new Refused('invalid', repository.message + await suggestion(tx))
  const problem = input.base == null ? null : branchProblem(input.base)
  if (problem !== null)
    throw new Refused('invalid', problem)

  const id = newTaskId()
  const task: Task = {
    id,
    title: input.title,
    repository: repository.name,
    base: input.base ?? null,
    brief: input.brief,
    planFirst: input.planFirst ?? false,
    model: input.model ?? null,
    budgetUsd: input.budgetUsd ?? DEFAULT_BUDGET_USD,
    createdAt: tx.now,
    revision: 0,
    state: { status: 'proposed', since: tx.now },
    branch: null,
    pull: null,
    issue: null,
    heads: [],
    heard: [],
    plan: null,
    guidance: [],
    attempts: 0,
    fixes: 0,
    fixLimit: MAX_FIXES,
    crashes: 0,
    history: [],
    flags: [],
    blocked: null,
    usage: { costUsd: 0, inputTokens: 0, outputTokens: 0 },
    cleanedUp: false,
    seen: 0,
  }
  await tx.set(taskKey(id), task)
  await appendMessage(tx, { kind: 'task', id: `${id}.${task.revision}`, at: tx.now, task: id })
  return task
}

async function suggestion(tx: Tx): Promise<string> {
  const recent = await recentRepositories(tx)
  return recent.length > 0 ? ` Used last: ${recent.join(', ')}.` : ''
}

/** Keeps the suggestion one sentence. */
const MAX_SUGGESTIONS = 5

/** The repositories of the newest tasks, the last used first. */
async function recentRepositories(tx: ReadTx): Promise<RepositoryName[]> {
  const tasks: Task[] = []
  for await (const task of list(tx, rows.task))
    tasks.push(task)
  const names = tasks.sort((a, b) => b.createdAt - a.createdAt).map(({ repository }) => repository)
  // Names that differ only in case are the same repository on GitHub.
  const seen = new Set<string>()
  return names.filter(name => !seen.has(name.toLowerCase()) && seen.add(name.toLowerCase())).slice(0, MAX_SUGGESTIONS)
}
