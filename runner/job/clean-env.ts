import { join } from 'node:path'

/** A program needs these to find its tools and the network. None of them holds a secret. */
const INHERITED = [
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

/** Every process of a Job carries this variable, so that orphans in process groups of their own are found too. */
export const JOB_MARKER = 'MAINLOOP_JOB_FOLDER'

/** The whole environment of a process of the Job in `folder`: of the runner's variables only `INHERITED` ones. */
export function cleanEnv(folder: string, extra: Record<string, string> = {}): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => {
    const value = process.env[name]
    return value === undefined ? [] : [[name, value]]
  })
  return {
    ...Object.fromEntries(inherited),
    HOME: join(folder, 'home'),
    TMPDIR: join(folder, 'tmp'),
    [JOB_MARKER]: folder,
    ...extra,
  }
}

/** The environment of mainloop's own processes. Agents are not told of the compile cache: they must not write to it. */
export function workerEnv(folder: string): Record<string, string> {
  const { NODE_COMPILE_CACHE } = process.env
  return cleanEnv(folder, NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE })
}
