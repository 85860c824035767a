export const LABEL = {
  /** Is on every object that mainloop creates. */
  app: 'app.kubernetes.io/name',
  /** The name of the Job, on its pods and its Secret. */
  job: 'mainloop.dev/job',
  task: 'mainloop.dev/task',
  attempt: 'mainloop.dev/attempt',
} as const

export const APP = 'mainloop-worker'

export const ANNOTATION = {
  /** The name of the attempt's Secret. */
  secret: 'mainloop.dev/secret',
  /** The attempt's result as JSON, written once. */
  result: 'mainloop.dev/result',
} as const
