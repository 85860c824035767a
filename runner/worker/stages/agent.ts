import type { InputOf, ModelAccess, StageOutcome, StageTools } from '../../job/stage-protocol.ts'
import type { ClaudeResult } from '../claude/claude-stream.ts'
import { mkdir, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { execa } from 'execa'
import * as z from 'zod'
import { cleanEnv } from '../../job/clean-env.ts'
import { jobPaths } from '../../job/job-paths.ts'
import { splitLines } from '../../lib/split-lines.ts'
import { logClaudeEvent } from '../claude/claude-log.ts'
import { claudeOutcome, planOutput } from '../claude/claude-outcome.ts'
import { parseClaudeLine } from '../claude/claude-stream.ts'
import { projectInstructions } from '../claude/project-instructions.ts'

/** A line holds a whole tool result. Longer ones are skipped, since no log line needs them. */
const MAX_STREAM_LINE_BYTES = 32_000_000

/** Claude Code ends its turn on SIGINT and reports its cost. After this it is killed. */
const INTERRUPT_GRACE_MS = 10_000

/** With Claude Code's backoff about two minutes, in which a replaced runner is back with its gateway. */
const MODEL_RETRIES = 8

/** A thinking model can take minutes before it responds. */
const MODEL_TIMEOUT_MS = 10 * 60_000

const PLAN_TOOLS = ['Bash', 'Read', 'Task', 'WebFetch', 'WebSearch']
const WORK_TOOLS = [...PLAN_TOOLS, 'Edit', 'Write', 'NotebookEdit']

/** Runs Claude Code in the workspace. Its only secret is the model's credential. */
export async function agent(
  { spec, folder, model }: InputOf<'agent'>,
  { log, signal, now }: StageTools,
): Promise<StageOutcome> {
  const { workspace, claudeConfig, instructions } = jobPaths(folder)
  await mkdir(claudeConfig, { recursive: true })
  await writeFile(instructions, await projectInstructions(workspace))

  const child = execa(claudeBinary(), claudeArguments(spec, instructions), {
    cwd: workspace,
    env: cleanEnv(folder, { ...CLAUDE_SETTINGS, CLAUDE_CONFIG_DIR: claudeConfig, ...credentials(model) }),
    extendEnv: false,
    // Linux limits an argument to 128 kB.
    input: spec.prompt,
    buffer: { stdout: false },
    maxBuffer: MAX_STDERR_LENGTH,
    reject: false,
  })
  const interrupt = (): void => {
    child.kill('SIGINT')
    setTimeout(() => child.kill('SIGKILL'), INTERRUPT_GRACE_MS).unref()
  }
  signal.addEventListener('abort', interrupt, { once: true })
  if (signal.aborted)
    interrupt()

  let result: ClaudeResult | null = null
  let limit: Parameters<typeof claudeOutcome>[0]['limit'] = null
  const lines = splitLines(MAX_STREAM_LINE_BYTES)
  for await (const chunk of child.stdout) {
    for (const line of lines.push(chunk)) {
      const event = parseClaudeLine(line)
      if (event === null)
        continue
      logClaudeEvent(event, workspace, log)
      if (event.type === 'result')
        result = event
      if (event.type === 'rate_limit_event' && event.rate_limit_info.status === 'rejected')
        limit = event.rate_limit_info
    }
  }
  const ended = await child
  signal.removeEventListener('abort', interrupt)
  return claudeOutcome({
    phase: spec.phase === 'plan' ? 'plan' : 'work',
    result,
    limit,
    ending: describeExit(ended),
    budgetUsd: spec.budgetUsd,
    now: now(),
  })
}

function claudeArguments(spec: InputOf<'agent'>['spec'], instructions: string): string[] {
  const isPlan = spec.phase === 'plan'
  const tools = (isPlan ? PLAN_TOOLS : WORK_TOOLS).join(',')
  return [
    '-p',
    ...['--output-format', 'stream-json', '--verbose'],
    // Without these two the checkout's own hooks and MCP servers run.
    ...['--setting-sources', 'user', '--strict-mcp-config'],
    ...['--tools', tools, '--allowedTools', tools, '--permission-mode', isPlan ? 'plan' : 'dontAsk'],
    ...['--append-system-prompt-file', instructions],
    ...['--max-budget-usd', String(spec.budgetUsd)],
    ...['--no-session-persistence', '--disable-slash-commands'],
    ...(spec.model === null ? [] : ['--model', spec.model]),
    ...(isPlan ? ['--json-schema', PLAN_SCHEMA] : []),
  ]
}

const PLAN_SCHEMA = JSON.stringify(z.toJSONSchema(planOutput, { target: 'draft-7', io: 'input' }))

const CLAUDE_SETTINGS = {
  CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1',
  CLAUDE_CODE_MAX_RETRIES: String(MODEL_RETRIES),
  API_TIMEOUT_MS: String(MODEL_TIMEOUT_MS),
}

function credentials({ apiKey, oauthToken, baseUrl }: ModelAccess): Record<string, string> {
  return {
    ...(apiKey ? { ANTHROPIC_API_KEY: apiKey } : oauthToken ? { CLAUDE_CODE_OAUTH_TOKEN: oauthToken } : {}),
    ...(baseUrl ? { ANTHROPIC_BASE_URL: baseUrl, ...bypassProxies(new URL(baseUrl).hostname) } : {}),
  }
}

/** The base URL is the runner's gateway, which is in the local network. */
function bypassProxies(host: string): Record<string, string> {
  const configured = process.env.NO_PROXY ?? process.env.no_proxy
  const hosts = configured ? `${configured},${host}` : host
  return { NO_PROXY: hosts, no_proxy: hosts }
}

/** The CLI of the pinned package, not one of the machine. */
function claudeBinary(): string {
  const { resolve } = createRequire(import.meta.url)
  return join(dirname(resolve('@anthropic-ai/claude-code/package.json')), 'bin', 'claude.exe')
}

/** The part of standard error that is kept for the reason of a failure. Characters. */
const MAX_STDERR_LENGTH = 4000

interface Exit {
  exitCode?: number | undefined
  signal?: string | undefined
  stderr?: unknown
  originalMessage?: string | undefined
}

function describeExit({ exitCode, signal, stderr, originalMessage }: Exit): string {
  const how = signal ?? (exitCode === undefined ? (originalMessage ?? 'it did not start') : `exit code ${exitCode}`)
  return typeof stderr === 'string' && stderr.trim() !== '' ? `${how}: ${stderr.trim().slice(-1000)}` : how
}
