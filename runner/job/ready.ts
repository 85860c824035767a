/** What a worker prints when the Job has one, itself or another, so that who started it can stop waiting. */
export const READY = 'ready'
