import { join } from 'node:path'

/** The layout of a Job's folder. */
export function jobPaths(folder: string) {
  return {
    spec: join(folder, 'spec.json'),
    /** The record of the worker. It is written once, so a Job has at most one worker. */
    worker: join(folder, 'worker.json'),
    log: join(folder, 'log.jsonl'),
    result: join(folder, 'result.json'),
    workspace: join(folder, 'workspace'),
    /** The git directory of publish is outside the workspace, so that the agent cannot have written to it. */
    publishGit: join(folder, 'publish.git'),
    home: join(folder, 'home'),
    tmp: join(folder, 'tmp'),
    claudeConfig: join(folder, 'home', '.claude'),
    instructions: join(folder, 'home', 'instructions.md'),
  }
}
