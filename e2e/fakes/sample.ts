import { failure, files, firstAttempt, fix, REPOSITORY, task } from './sample-repository.ts'

/** The sample change as the scripted model plays it. */
export const sample = { ...task, repository: REPOSITORY, files, firstAttempt, fix, excerpt: failure }
