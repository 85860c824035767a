import { join } from 'node:path'

/** What a program needs to find its tools and the network; nothing here is a secret of ours. */
const PASSED_ON = [
  'PATH',
  'LANG',
  'LC_ALL',
  'TZ',
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'].flatMap(name => [name, name.toLowerCase()]),
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'GIT_SSL_CAINFO',
  'NODE_EXTRA_CA_CERTS',
]

/**
 * Every process of a Job carries this variable, so that also orphans in process groups of their own are found again.
 */
export const JOB_MARKER = 'MAINLOOP_JOB_FOLDER'

/**
 * The whole environment of a process of the Job in `folder`: none
 * of the runner's variables but those that are needed to work.
 */
export function cleanEnv(folder: string, extra: Record<string, string> = {}): Record<string, string> {
  const passed = PASSED_ON.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return {
    ...Object.fromEntries(passed),
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    [JOB_MARKER]: folder,
    ...extra,
  }
}

/**
 * For a program of ours: what Node has compiled of it before is
 * at hand. An agent must not write there, so it is not told.
 */
export function workerEnv(folder: string): Record<string, string> {
  const { NODE_COMPILE_CACHE } = process.env
  return cleanEnv(folder, NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE })
}
