import { failure, files, firstAttempt, fix, REPOSITORY, task } from './sample-repository.ts'

/** The sample repository and task, in the form that the model's scripts take. */
export const sample = { ...task, repository: REPOSITORY, files, firstAttempt, fix, excerpt: failure }
