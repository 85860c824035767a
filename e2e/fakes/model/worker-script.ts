import type { FileContent } from '../sample-repository.ts'
import type { ModelRequest } from './read-request.ts'
import type { Reply, ScriptedReply } from './scripted-reply.ts'
import { must } from '#shared/lib/must.ts'
import { scriptedSteps } from './scripted-reply.ts'

/** The attempts at the sample task. */
export interface SampleWork {
  /** The repository before the first attempt; only the paths are used. */
  files: Readonly<Record<string, string>>
  /** A worker's prompt must contain it. */
  brief: string
  /** Files that the first attempt writes; CI fails for them. */
  firstAttempt: readonly FileContent[]
  /** Files that the second attempt writes; CI passes. */
  fix: readonly FileContent[]
  /** A line of the failing log, which the prompt of the fix must contain. */
  excerpt: string
}

/** Replies of Claude Code in a worker for three phases: plan, implement, fix. */
export function workerScript(sample: SampleWork): ScriptedReply[] {
  return [
    ...scriptedSteps('plan', request => isWorker(request) && request.prompt.includes('Make a plan for this task') && request.prompt.includes(sample.brief), [
      () => run('I will read the code first.', 'ls -R .'),
      () => ({ text: '', toolUses: [{ tool: 'StructuredOutput', input: { plan: PLAN, questions: [] } }] }),
      () => ({ text: 'The plan is made.' }),
    ]),
    ...scriptedSteps(
      'implement',
      request => isWorker(request) && request.prompt.includes('Implement the task completely') && request.prompt.includes(sample.brief),
      [
        () => run('I will look at the code first.', 'pwd && ls -R .'),
        ...sample.firstAttempt.flatMap(file => writeSteps(file, file.path in sample.files)),
        () => ({ text: SUMMARY }),
      ],
    ),
    ...scriptedSteps(
      'fix',
      request => isWorker(request) && request.prompt.includes('Checks failed on the commit you stand on') && request.prompt.includes(sample.excerpt),
      [
        () => run(`The log says "${sample.excerpt}". I will look at the code.`, 'pwd && git log --oneline | head -3'),
        ...sample.fix.flatMap(file => writeSteps(file, true)),
        () => run('The failing command again, here.', 'node --test'),
        () => ({ text: FIX_SUMMARY }),
      ],
    ),
  ]
}

function isWorker({ caller, tools }: ModelRequest): boolean {
  return caller === 'worker' && tools.includes('Bash')
}

function run(text: string, command: string): Reply {
  return { text, toolUses: [{ tool: 'Bash', input: { command, description: 'Look at the repository' } }] }
}

/** Claude Code must read an existing file before it may write it. */
function writeSteps({ path, content }: FileContent, exists: boolean): ScriptedReply['respond'][] {
  const read = inCheckout(path, 'Read', {})
  const write = inCheckout(path, 'Write', { content })
  return exists ? [read, write] : [write]
}

/** These tools need an absolute path, so the first step of a script runs `pwd`. */
function inCheckout(path: string, tool: string, input: Record<string, unknown>): ScriptedReply['respond'] {
  return ({ results }) => {
    const folder = must(results[0], 'the output of pwd').split('\n')[0]
    return { text: '', toolUses: [{ tool, input: { file_path: `${folder}/${path}`, ...input } }] }
  }
}

const PLAN = `1. \`src/countdown.js\`: \`countdown(seconds)\`, minutes and two digits of seconds.
2. Export it from \`src/index.js\`, and say in the README what it is.
3. Test 59, 60, 185 and 210 seconds; \`node --test\` and \`npm run check\` must pass.

What could go wrong: seconds below ten want a leading zero.`

const SUMMARY = 'Added `countdown(seconds)` with its tests, exported it and described it in the README. `npm run check` passes; I did not run the tests.'
const FIX_SUMMARY = 'The failing test was right: seconds below ten were not padded. Padded them to two digits; `node --test` passes now.'
