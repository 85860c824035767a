import { join } from 'node:path'

/** Where things lie in a Job's folder. */
export function jobPaths(folder: string) {
  return {
    spec: join(folder, 'spec.json'),
    /** Who runs the Job; there is at most one such file, so at most one worker. */
    worker: join(folder, 'worker.json'),
    log: join(folder, 'log.jsonl'),
    result: join(folder, 'result.json'),
    workspace: join(folder, 'workspace'),
    /** The git directory of publish: outside the workspace, so nothing in it was written by the agent. */
    publishGit: join(folder, 'publish.git'),
    home: join(folder, 'home'),
    tmp: join(folder, 'tmp'),
    claudeConfig: join(folder, 'home', '.claude'),
    instructions: join(folder, 'home', 'instructions.md'),
  }
}
