/** Mount paths in a worker's pod. `runner/executor/kubernetes/job-manifest.ts` gives each stage some of them. */
export const WORKER_PATHS = {
  /** A stage's own folder; no other stage has it. */
  scratch: '/scratch',
  home: '/scratch/home',
  /** The volume that all stages share; the checkout is a folder in it. */
  work: '/work',
  /** Each stage writes its outcome to its own folder; later stages can only read it. */
  handover: { checkout: '/handover/checkout', agent: '/handover/agent' },
  secrets: '/run/mainloop',
} as const
