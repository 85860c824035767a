/** How our things are found again. */
export const LABEL = {
  /** On everything of ours. */
  app: 'app.kubernetes.io/name',
  /** On pods and Secrets: the name of their Job. */
  job: 'mainloop.dev/job',
  task: 'mainloop.dev/task',
  attempt: 'mainloop.dev/attempt',
} as const

export const APP = 'mainloop-worker'

export const ANNOTATION = {
  /** The name of the attempt's Secret. */
  secret: 'mainloop.dev/secret',
  /** How the attempt ended, written once. */
  result: 'mainloop.dev/result',
} as const
