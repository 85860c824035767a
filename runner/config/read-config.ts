import type { AppCredential, Config, WorkerSettings } from './config.ts'
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import * as z from 'zod'
import { must } from '#shared/lib/must.ts'
import { MODEL_PRICES } from '#shared/model/model-prices.ts'
import { coAuthor } from '../job/co-author.ts'
import { ConfigError } from './config.ts'

/** Reads the configuration from the environment. Throws a `ConfigError` about all invalid variables at once. */
export function readConfig(env: NodeJS.ProcessEnv, isTerminal: boolean): Config {
  // Shells and compose files write an unset variable as an empty one.
  const values = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const parsed = variables.safeParse(values)
  if (!parsed.success) {
    const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])))
    throw new ConfigError([...names].map(name => complaint(name, values[name])).join('\n'))
  }
  const { data } = parsed
  return {
    edge: data.MAINLOOP_EDGE,
    runnerToken: data.RUNNER_TOKEN,
    github: {
      token: data.GITHUB_TOKEN ?? null,
      app: appOf(data),
      apiUrl: data.GITHUB_API_URL,
      serverUrl: data.GITHUB_SERVER_URL,
    },
    claude: {
      apiKey: data.ANTHROPIC_API_KEY ?? null,
      oauthToken: data.CLAUDE_CODE_OAUTH_TOKEN ?? null,
      baseUrl: data.ANTHROPIC_BASE_URL ?? null,
    },
    gateway: { listen: data.MAINLOOP_GATEWAY_LISTEN ?? null, url: data.MAINLOOP_GATEWAY_URL ?? null },
    pairPage: pairPageOf(data),
    dayBudgetUsd: data.MAINLOOP_DAY_BUDGET_USD,
    prices: { ...MODEL_PRICES, ...data.MAINLOOP_MODEL_PRICES },
    executor:
      data.MAINLOOP_EXECUTOR === 'process'
        ? { kind: 'process' }
        : {
            kind: 'kubernetes',
            kubeconfig: data.KUBECONFIG ?? null,
            namespace: data.MAINLOOP_NAMESPACE,
            worker: workerOf(data),
          },
    workDir: resolve(data.MAINLOOP_WORK_DIR),
    person: data.MAINLOOP_PERSON ?? null,
    slots: data.MAINLOOP_SLOTS,
    pollMs: data.MAINLOOP_POLL_SECONDS * 1000,
    quietMs: data.MAINLOOP_QUIET_SECONDS * 1000,
    deadlineSeconds: Math.min(
      data.MAINLOOP_DEADLINE_SECONDS,
      data.GITHUB_APP_ID === undefined ? Infinity : MAX_APP_ATTEMPT_S,
    ),
    checkoutMb: data.MAINLOOP_CHECKOUT_MB,
    log: {
      level: data.MAINLOOP_LOG_LEVEL,
      pretty: data.MAINLOOP_LOG === undefined ? isTerminal : data.MAINLOOP_LOG === 'pretty',
    },
  }
}

const address = z.url({ protocol: /^https?$/ }).transform(url => url.replace(/\/+$/, ''))
const secret = z.string().min(1).regex(/^\S+$/)

function number(schema: z.ZodNumber) {
  return z.string().transform(Number).pipe(schema)
}

const listenAt = z.string().regex(/^[^\s:]+:\d{1,5}$/).transform((text) => {
  const [host = '', port] = text.split(':')
  return { host, port: Number(port) }
})

/** Tailscale's logins are mail addresses, or a name at a provider (ada@github). */
const logins = z
  .string()
  .transform(text => text.toLowerCase().split(/[\s,]+/).filter(login => login !== ''))
  .pipe(z.array(z.string().regex(/^[^@]+@[^@]+$/)).min(1))

const price = z.object({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cacheRead: z.number().nonnegative(),
})

const prices = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown
  }
  catch (cause) {
    context.addIssue({ code: 'custom', message: String(cause) })
    return z.NEVER
  }
}).pipe(z.record(z.string(), price))

/** The form of git's authors: `Ada Lovelace <ada@example.com>`. */
const nameAndAddress = z.string().transform((text) => {
  const [, name, email] = /^([^<]+)<([^<>]*)>$/.exec(text.trim()) ?? []
  return { name, email }
}).pipe(coAuthor)

/** A quantity of Kubernetes, such as 500m, 2 or 4Gi. */
const quantity = z.string().regex(/^\d+(?:\.\d+)?(?:m|[KMGT]i?)?$/)

/** GitHub's PEM file, or the same in one line with \n in place of the line ends. */
const privateKey = z.string().transform(text => text.replaceAll('\\n', '\n')).refine(isPrivateKey)

const keyFile = z.string().transform((path, context) => {
  try {
    return readFileSync(path, 'utf8')
  }
  catch (cause) {
    context.addIssue({ code: 'custom', message: String(cause) })
    return z.NEVER
  }
}).pipe(privateKey)

function isPrivateKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === 'rsa'
  }
  catch {
    // OpenSSL throws for every text that is no key.
    return false
  }
}

const variables = z.object({
  MAINLOOP_EDGE: address.default('http://127.0.0.1:3000'),
  RUNNER_TOKEN: secret,
  GITHUB_TOKEN: secret.optional(),
  GITHUB_APP_ID: z.string().regex(/^[\w.]{1,100}$/).optional(),
  GITHUB_APP_PRIVATE_KEY: privateKey.optional(),
  GITHUB_APP_PRIVATE_KEY_FILE: keyFile.optional(),
  GITHUB_API_URL: address.default('https://api.github.com'),
  GITHUB_SERVER_URL: address.default('https://github.com'),
  ANTHROPIC_API_KEY: secret.optional(),
  CLAUDE_CODE_OAUTH_TOKEN: secret.optional(),
  ANTHROPIC_BASE_URL: address.optional(),
  MAINLOOP_GATEWAY_LISTEN: listenAt.optional(),
  MAINLOOP_GATEWAY_URL: address.optional(),
  MAINLOOP_PAIR_PORT: number(z.number().int().min(1).max(65_535)).optional(),
  MAINLOOP_PAIR_URL: address.optional(),
  MAINLOOP_TAILNET_LOGINS: logins.optional(),
  MAINLOOP_DAY_BUDGET_USD: number(z.number().positive().max(100_000)).default(100),
  MAINLOOP_MODEL_PRICES: prices.optional(),
  MAINLOOP_EXECUTOR: z.enum(['process', 'kubernetes']).default('process'),
  KUBECONFIG: z.string().optional(),
  MAINLOOP_NAMESPACE: z.string().regex(/^[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?$/).default('mainloop-workers'),
  MAINLOOP_IMAGE: z.string().min(1).optional(),
  MAINLOOP_IMAGE_PULL_POLICY: z.enum(['Always', 'IfNotPresent', 'Never']).default('IfNotPresent'),
  MAINLOOP_WORKER_CPU: quantity.default('2'),
  MAINLOOP_WORKER_MEMORY: quantity.default('4Gi'),
  MAINLOOP_WORKER_STORAGE: quantity.default('10Gi'),
  MAINLOOP_WORKER_CPU_REQUEST: quantity.default('250m'),
  MAINLOOP_WORKER_MEMORY_REQUEST: quantity.default('1Gi'),
  MAINLOOP_WORK_DIR: z.string().default('.mainloop/work'),
  MAINLOOP_PERSON: nameAndAddress.optional(),
  MAINLOOP_SLOTS: number(z.number().int().min(1).max(50)).default(2),
  MAINLOOP_POLL_SECONDS: number(z.number().min(0.05).max(3600)).default(10),
  MAINLOOP_QUIET_SECONDS: number(z.number().min(0).max(3600)).default(10),
  MAINLOOP_DEADLINE_SECONDS: number(z.number().int().min(10).max(86_400)).default(3600),
  MAINLOOP_CHECKOUT_MB: number(z.number().int().min(1).max(1_000_000)).default(5000),
  MAINLOOP_LOG: z.enum(['pretty', 'json']).optional(),
  MAINLOOP_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error']).default('info'),
}).superRefine((data, context) => {
  const hasAppKey = APP_KEYS.some(name => data[name] !== undefined)
  const needed = [
    ...(hasAppKey ? ['GITHUB_APP_ID' as const] : []),
    ...(data.GITHUB_APP_ID !== undefined && !hasAppKey ? ['GITHUB_APP_PRIVATE_KEY' as const] : []),
    ...(data.MAINLOOP_EXECUTOR === 'kubernetes' ? NEEDED_BY_KUBERNETES : []),
    ...(PAIR_PAGE.some(name => data[name] !== undefined) ? PAIR_PAGE : []),
  ]
  for (const name of needed.filter(name => data[name] === undefined))
    context.addIssue({ code: 'custom', path: [name], message: 'not set' })
})

const APP_KEYS = ['GITHUB_APP_PRIVATE_KEY', 'GITHUB_APP_PRIVATE_KEY_FILE'] as const

/**
 * Seconds of an attempt with an App's token, which lives an hour from the creation of the Job. That hour also has to
 * cover ten minutes in which a pod may wait for a node, the pull of the image, and five minutes for publishing or
 * saving the changes, which would be lost without a token.
 */
const MAX_APP_ATTEMPT_S = 2400

function appOf({
  GITHUB_APP_ID: id,
  GITHUB_APP_PRIVATE_KEY: key,
  GITHUB_APP_PRIVATE_KEY_FILE: file,
}: z.infer<typeof variables>): AppCredential | null {
  const privateKey = key ?? file
  return id === undefined || privateKey === undefined ? null : { id, privateKey }
}

/** A pod cannot learn its image or the address of this runner in any other way. */
const NEEDED_BY_KUBERNETES = ['MAINLOOP_IMAGE', 'MAINLOOP_GATEWAY_LISTEN', 'MAINLOOP_GATEWAY_URL'] as const

/** Without all three the page would be open to nobody or to everybody. */
const PAIR_PAGE = ['MAINLOOP_PAIR_PORT', 'MAINLOOP_PAIR_URL', 'MAINLOOP_TAILNET_LOGINS'] as const

function pairPageOf({
  MAINLOOP_PAIR_PORT: port,
  MAINLOOP_PAIR_URL: url,
  MAINLOOP_TAILNET_LOGINS: logins,
}: z.infer<typeof variables>): Config['pairPage'] {
  return port === undefined || url === undefined || logins === undefined ? null : { port, url, logins }
}

function workerOf(data: z.infer<typeof variables>): WorkerSettings {
  return {
    image: must(data.MAINLOOP_IMAGE, 'the image that was just required'),
    imagePullPolicy: data.MAINLOOP_IMAGE_PULL_POLICY,
    limits: {
      cpu: data.MAINLOOP_WORKER_CPU,
      memory: data.MAINLOOP_WORKER_MEMORY,
      storage: data.MAINLOOP_WORKER_STORAGE,
    },
    requests: { cpu: data.MAINLOOP_WORKER_CPU_REQUEST, memory: data.MAINLOOP_WORKER_MEMORY_REQUEST },
  }
}

/** The description of each variable for the help and for error messages. */
export const VARIABLES: { [V in keyof z.infer<typeof variables>]: string } = {
  MAINLOOP_EDGE: 'the http(s) address of the edge; default http://127.0.0.1:3000',
  RUNNER_TOKEN: 'the token with which the edge knows this runner, without spaces; required',
  GITHUB_TOKEN: 'a GitHub token that may push and open pull requests, without spaces',
  GITHUB_APP_ID: 'or instead of the token the id of your GitHub App, whose tokens are for one repository each and live '
    + 'an hour, so attempts end after 40 minutes',
  GITHUB_APP_PRIVATE_KEY: 'a private key of that App (PEM, RSA), as its settings give it; required with its id',
  GITHUB_APP_PRIVATE_KEY_FILE: 'or the file that key is in',
  GITHUB_API_URL: 'the http(s) address of GitHub\'s API; default https://api.github.com',
  GITHUB_SERVER_URL: 'the http(s) address repositories are cloned from; default https://github.com',
  ANTHROPIC_API_KEY: 'an Anthropic API key for the workers, without spaces',
  CLAUDE_CODE_OAUTH_TOKEN: 'or instead of the key a Max subscription token, without spaces',
  ANTHROPIC_BASE_URL: 'the http(s) address of the Messages API; default Anthropic\'s own',
  MAINLOOP_GATEWAY_LISTEN:
    'host:port where workers ask the model; default a free port of 127.0.0.1; required with kubernetes',
  MAINLOOP_GATEWAY_URL: 'the http(s) address workers find it at; default the one above; required with kubernetes',
  MAINLOOP_PAIR_PORT: 'the port of 127.0.0.1 where tailscale serve finds the pairing page, a whole number such as '
    + '8789; default no such page',
  MAINLOOP_PAIR_URL: 'the http(s) address under which tailscale serve shows the pairing page; required with its port',
  MAINLOOP_TAILNET_LOGINS:
    'the tailnet logins that may add devices there, separated by commas: ada@example.com; required with its port',
  MAINLOOP_DAY_BUDGET_USD: 'what all tasks may cost on one day (UTC), US dollars; default 100',
  MAINLOOP_MODEL_PRICES: 'prices of further models, JSON: {"model": {"input": 1, "output": 5, "cacheRead": 0.1}}, '
    + 'US dollars a million tokens',
  MAINLOOP_EXECUTOR: 'where workers run: process (as this user, on this machine) or kubernetes; default process',
  KUBECONFIG: 'kubernetes: the file that says which cluster and who the runner is there; default ~/.kube/config, or in '
    + 'a pod its service account',
  MAINLOOP_NAMESPACE: 'kubernetes: the namespace workers run in; default mainloop-workers',
  MAINLOOP_IMAGE: 'kubernetes: the image workers run, which is the runner\'s own (make image); required there',
  MAINLOOP_IMAGE_PULL_POLICY: 'kubernetes: Always, IfNotPresent or Never; default IfNotPresent',
  MAINLOOP_WORKER_CPU: 'kubernetes: processors a worker may use; default 2',
  MAINLOOP_WORKER_MEMORY: 'kubernetes: memory a worker may use; default 4Gi',
  MAINLOOP_WORKER_STORAGE: 'kubernetes: disk a worker may use; default 10Gi',
  MAINLOOP_WORKER_CPU_REQUEST: 'kubernetes: processors a node must have free for it; default 250m',
  MAINLOOP_WORKER_MEMORY_REQUEST: 'kubernetes: memory a node must have free for it; default 1Gi',
  MAINLOOP_WORK_DIR: 'the folder for the workers\' folders; default .mainloop/work',
  MAINLOOP_PERSON: 'you, as commits name their co-author, like Ada Lovelace <ada@example.com>; default whose '
    + 'GITHUB_TOKEN it is, under their noreply address',
  MAINLOOP_SLOTS: 'how many workers run at the same time, a whole number from 1 to 50; default 2',
  MAINLOOP_POLL_SECONDS: 'how often GitHub and the workers are polled, seconds from 0.05 to 3600; default 10',
  MAINLOOP_QUIET_SECONDS: 'how long after a push more checks may begin, and after a review more comments may follow, '
    + 'seconds from 0 to 3600; default 10',
  MAINLOOP_DEADLINE_SECONDS: 'how long one attempt may take, whole seconds from 10 to 86400; default 3600',
  MAINLOOP_CHECKOUT_MB:
    'how large the checkout of a repository may be, with its history, megabytes from 1 to 1000000; default 5000',
  MAINLOOP_LOG: 'pretty or json; default pretty in a terminal, else json',
  MAINLOOP_LOG_LEVEL: 'debug, info, warn or error; default info',
}

/** The values of these variables are never printed, not even when they are invalid. */
const SECRETS = [
  'RUNNER_TOKEN',
  'GITHUB_TOKEN',
  'GITHUB_APP_PRIVATE_KEY',
  'ANTHROPIC_API_KEY',
  'CLAUDE_CODE_OAUTH_TOKEN',
]

function complaint(name: string, value: string | undefined): string {
  const problem
    = value === undefined ? 'is not set' : SECRETS.includes(name) ? 'cannot be used' : `is ${JSON.stringify(value)}`
  const expected = Object.entries(VARIABLES).find(([variable]) => variable === name)?.[1] ?? 'another value'
  return `${name} ${problem}. Expected: ${expected}.`
}
