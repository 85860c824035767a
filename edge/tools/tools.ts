import type { TaskId } from '#shared/model/task.ts'
import type { McpScope } from '#shared/protocol/access.ts'
import type { ToolSpec } from '../model/model.ts'
import type { EdgeTx } from '../store/store.ts'
import type { Caller } from '../tasks/request-approval.ts'
import * as z from 'zod'
import { forget, forgetInput } from '../memory/forget.ts'
import { remember, rememberInput } from '../memory/remember.ts'
import { searchHistory, searchHistoryInput } from '../search/search-history.ts'
import { cancelTask, cancelTaskInput } from '../tasks/cancel-task.ts'
import { getTask, getTaskInput } from '../tasks/get-task.ts'
import { listRepositories, listRepositoriesInput } from '../tasks/list-repositories.ts'
import { listTasks, listTasksInput } from '../tasks/list-tasks.ts'
import { messageTask, messageTaskInput } from '../tasks/message-task.ts'
import { proposeTask, proposeTaskInput } from '../tasks/propose-task.ts'

export interface ToolDeps { sql: SqlStorage, newTaskId: () => TaskId, newId: () => string, caller: Caller }

export interface Tool {
  description: string
  /** The scope that an MCP client's token needs; the conversation's own turns may call all tools. */
  scope: Exclude<McpScope, 'act'>
  input: z.ZodType
  /** Runs in the commit that records the call. Returns text for the model; throws `Refused` with a reason. */
  run: (tx: EdgeTx, input: unknown, deps: ToolDeps) => Promise<string>
}

/** All tools of the conversation and of MCP, by name. */
export const tools: ReadonlyMap<string, Tool> = new Map([
  [
    'spawn_task',
    tool({
      description: `Proposes a task: work on one GitHub repository that a worker does in the background, up to a pull \
request with green CI. Starts nothing; the person gets a card and decides.`,
      scope: 'write',
      input: proposeTaskInput,
      run: async (tx, input, { newTaskId }) => {
        const { id, repository } = await proposeTask(tx, input, newTaskId)
        return `Task ${id} is proposed for ${repository}. The person sees its card and decides; it has not started.`
      },
    }),
  ],
  [
    'list_tasks',
    tool({
      description: 'Lists the tasks with their state, the newest first.',
      scope: 'read',
      input: listTasksInput,
      run: listTasks,
    }),
  ],
  [
    'get_task',
    tool({
      description:
        'Shows everything about one task: its terms, state, plan, questions, attempts, checks, pull request and cost.',
      scope: 'read',
      input: getTaskInput,
      run: getTask,
    }),
  ],
  [
    'message_task',
    tool({
      description: `Tells a task something: feedback on its plan or pull request, or what it should know while it \
works. The person confirms it first.`,
      scope: 'write',
      input: messageTaskInput,
      run: messageTask,
    }),
  ],
  [
    'cancel_task',
    tool({
      description: 'Ends a task and cleans up after it. The person confirms it first.',
      scope: 'write',
      input: cancelTaskInput,
      run: cancelTask,
    }),
  ],
  [
    'list_repos',
    tool({
      description: 'Lists the repositories that tasks were about, the last used first.',
      scope: 'read',
      input: listRepositoriesInput,
      run: listRepositories,
    }),
  ],
  [
    'search_history',
    tool({
      description: `Searches everything: all messages of this conversation however old, plans, logs of workers, and \
notes. Use it whenever something from before is not in front of you. Results say the number of a message; with around \
you read it whole, in its context.`,
      scope: 'read',
      input: searchHistoryInput,
      run: async (_, input, { sql }) => searchHistory(sql, input),
    }),
  ],
  [
    'remember',
    tool({
      description: `Keeps a durable fact as a note: what stays true for long and will matter again (preferences, \
people, projects, how things are done here). Notes are always in front of you, and the person can change them. Not for \
what happened today; the conversation keeps that.`,
      scope: 'write',
      input: rememberInput,
      run: (tx, input, { newId }) => remember(tx, input, newId),
    }),
  ],
  [
    'forget',
    tool({
      description: 'Deletes a note that is no longer true or that the person does not want kept.',
      scope: 'write',
      input: forgetInput,
      run: forget,
    }),
  ],
])

/** The tools as a model gets them. */
export const toolSpecs: readonly ToolSpec[] = [...tools].map(([name, { description, input }]) => ({
  name,
  description,
  inputSchema: z.toJSONSchema(input, { io: 'input' }),
}))

/** Parses the input before `run`, which therefore gets the schema's type. Throws a `ZodError` for invalid input. */
function tool<S extends z.ZodType>({ description, scope, input, run }: {
  description: string
  scope: Tool['scope']
  input: S
  run: (tx: EdgeTx, input: z.infer<S>, deps: ToolDeps) => Promise<string>
}): Tool {
  return { description, scope, input, run: (tx, raw, deps) => run(tx, input.parse(raw), deps) }
}
