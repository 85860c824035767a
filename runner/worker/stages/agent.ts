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

/** A tool's result travels in one line of the stream; one that is longer than this is not worth a log line. */
const MAX_STREAM_LINE_BYTES = 32_000_000

/** Claude Code ends a turn on SIGINT and says what it cost; after this it is killed. */
const INTERRUPT_GRACE_MS = 10_000

/**
 * Retried within the attempt, later and later: about two minutes,
 * in which a runner that was replaced is back with its gateway.
 */
const MODEL_RETRIES = 8

/** One request of a thinking model can be silent for minutes. */
const MODEL_TIMEOUT_MS = 10 * 60_000

const READING = ['Bash', 'Read', 'Task', 'WebFetch', 'WebSearch']
const WRITING = [...READING, 'Edit', 'Write', 'NotebookEdit']

/** Lets Claude Code work in the workspace. It is given the model's credential and nothing else. */
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
    // By standard input, because an argument ends at 128 kB.
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
  const tools = spec.phase === 'plan' ? READING : WRITING
  return [
    '-p',
    ...['--output-format', 'stream-json', '--verbose'],
    // Without these two the checkout's own hooks and MCP servers run.
    ...['--setting-sources', 'user', '--strict-mcp-config'],
    ...[
      '--tools',
      tools.join(','),
      '--allowedTools',
      tools.join(','),
      '--permission-mode',
      spec.phase === 'plan' ? 'plan' : 'dontAsk',
    ],
    ...['--append-system-prompt-file', instructions],
    ...['--max-budget-usd', String(spec.budgetUsd)],
    ...['--no-session-persistence', '--disable-slash-commands'],
    ...(spec.model === null ? [] : ['--model', spec.model]),
    ...(spec.phase === 'plan'
      ? ['--json-schema', JSON.stringify(z.toJSONSchema(planOutput, { target: 'draft-7', io: 'input' }))]
      : []),
  ]
}

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

/** Where the model is asked is near; a proxy is for what is far. */
function bypassProxies(host: string): Record<string, string> {
  const said = process.env.NO_PROXY ?? process.env.no_proxy
  const hosts = said ? `${said},${host}` : host
  return { NO_PROXY: hosts, no_proxy: hosts }
}

/** The CLI that this package pins, not whatever the machine has. */
function claudeBinary(): string {
  const { resolve } = createRequire(import.meta.url)
  return join(dirname(resolve('@anthropic-ai/claude-code/package.json')), 'bin', 'claude.exe')
}

/** What Claude Code may say on standard error before it breaks. Characters. */
const MAX_STDERR_LENGTH = 4000

function describeExit({
  exitCode,
  signal,
  stderr,
  originalMessage,
}: {
  exitCode?: number | undefined
  signal?: string | undefined
  stderr?: unknown
  originalMessage?: string | undefined
}): string {
  const how = signal ?? (exitCode === undefined ? (originalMessage ?? 'it did not start') : `exit code ${exitCode}`)
  return typeof stderr === 'string' && stderr.trim() !== '' ? `${how}: ${stderr.trim().slice(-1000)}` : how
}
