import type { FailureKind } from '#shared/model/task.ts'

const NEXT: Record<FailureKind, string> = {
  'repository-not-found':
    'Check the name. If the repository is private, mainloop\'s GitHub token must be allowed to see it.',
  'repository-no-access': 'Give mainloop\'s GitHub token write access to the repository, then try again.',
  'repository-empty': 'Push a first commit to the repository, then try again.',
  'checkout': 'Getting the code failed. Trying again often helps; the log says what Git answered.',
  'agent': 'Claude stopped before it was done. The log says where; trying again starts that attempt over.',
  'credential': 'Renew the Claude credential where the runner is configured, then try again.',
  'no-changes': 'Nothing was changed. Say in the chat what you expected to be different, or try again.',
  'publish': 'The change could not be pushed. Check the branch rules of the repository, then try again.',
  'out-of-memory':
    'The work needs more memory than a worker has. Raise the limit in the runner\'s configuration, '
    + 'or make the task smaller.',
  'deadline': 'It took longer than an attempt may. Try again, or split the task.',
  'image': 'The worker\'s image could not be started. Check the runner\'s configuration.',
  'unschedulable': 'The cluster had no room. Try again when there is some.',
  'crashed': 'The worker disappeared several times. Look at the runner, then try again.',
  'budget': 'Trying again allows the same amount once more.',
  'checks':
    'Allow five more fixes, take over by hand, or cancel. When somebody runs the checks again and they pass, '
    + 'the task goes on by itself.',
}

/** The next step that a person can take after a failure. */
export function failureAdvice(kind: FailureKind): string {
  return NEXT[kind]
}

/** Git commands for taking over a branch by hand, in a checkout of its repository. */
export function takeOverCommands(branch: string): string {
  return `git fetch origin ${branch}\ngit switch ${branch}\n# repair, commit, then\ngit push`
}
