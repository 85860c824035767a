import type { FileContent } from '../sample-repository.ts'
import type { ModelRequest } from './read-request.ts'
import type { Reply, ScriptedReply } from './scripted-reply.ts'
import { must } from '#shared/lib/must.ts'
import { scriptedSteps } from './scripted-reply.ts'

/** How the sample task is worked on. */
export interface SampleWork {
  /** What is in the repository; only its paths matter here. */
  files: Readonly<Record<string, string>>
  /** Words of the brief: they must reach the worker. */
  brief: string
  /** What the first attempt writes, with the mistake that CI finds; and what the fix makes of it. */
  firstAttempt: readonly FileContent[]
  fix: readonly FileContent[]
  /** Words of the failing log. The fix is only scripted for a request that holds them. */
  excerpt: string
}

/** Claude Code in a worker: plans when it is told to; looks, writes, checks and sums up. */
export function workerScript(sample: SampleWork): ScriptedReply[] {
  return [
    ...scriptedSteps('plan', request => isWorker(request) && request.prompt.includes('Make a plan for this task') && request.prompt.includes(sample.brief), [
      () => run('I will read what is there first.', 'ls -R .'),
      () => ({ say: '', use: [{ tool: 'StructuredOutput', input: { plan: PLAN, questions: [] } }] }),
      () => ({ say: 'The plan is made.' }),
    ]),
    ...scriptedSteps(
      'implement',
      request => isWorker(request) && request.prompt.includes('Implement the task completely') && request.prompt.includes(sample.brief),
      [
        () => run('I will look at what is there first.', 'pwd && ls -R .'),
        ...sample.firstAttempt.flatMap(file => change(file, file.path in sample.files)),
        () => ({ say: SUMMARY }),
      ],
    ),
    ...scriptedSteps(
      'fix',
      request => isWorker(request) && request.prompt.includes('Checks failed on the commit you stand on') && request.prompt.includes(sample.excerpt),
      [
        () => run(`The log says "${sample.excerpt}". I will look at the code.`, 'pwd && git log --oneline | head -3'),
        ...sample.fix.flatMap(file => change(file, true)),
        () => run('The failing command again, here.', 'node --test'),
        () => ({ say: FIX_SUMMARY }),
      ],
    ),
  ]
}

function isWorker({ caller, tools }: ModelRequest): boolean {
  return caller === 'worker' && tools.includes('Bash')
}

function run(say: string, command: string): Reply {
  return { say, use: [{ tool: 'Bash', input: { command, description: 'Look at the repository' } }] }
}

/** Claude Code reads a file that exists before it may write it. */
function change({ path, content }: FileContent, exists: boolean): ScriptedReply['respond'][] {
  const read = inCheckout(path, 'Read', {})
  const write = inCheckout(path, 'Write', { content })
  return exists ? [read, write] : [write]
}

/** These tools want a path from the root, which only the worker's own `pwd` knows. */
function inCheckout(path: string, tool: string, input: Record<string, unknown>): ScriptedReply['respond'] {
  return ({ results }) => {
    const folder = must(results[0], 'what pwd printed').split('\n')[0]
    return { say: '', use: [{ tool, input: { file_path: `${folder}/${path}`, ...input } }] }
  }
}

const PLAN = `1. \`src/countdown.js\`: \`countdown(seconds)\`, minutes and two digits of seconds.
2. Export it from \`src/index.js\`, and say in the README what it is.
3. Test 59, 60, 185 and 210 seconds; \`node --test\` and \`npm run check\` must pass.

What could go wrong: seconds below ten want a leading zero.`

const SUMMARY = 'Added `countdown(seconds)` with its tests, exported it and prompt so in the README. `npm run check` passes; I did not run the tests.'
const FIX_SUMMARY = 'The failing test was right: seconds below ten were not padded. Padded them to two digits; `node --test` passes now.'
