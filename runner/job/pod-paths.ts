/** Where a pod's stages find things; `runner/executor/kubernetes/job-manifest.ts` mounts what each of them may see. */
export const WORKER_PATHS = {
  /** A stage's own folder, which no other stage sees. */
  scratch: '/scratch',
  home: '/scratch/home',
  /** The one folder all stages share; the checkout lies in a folder of it. */
  work: '/work',
  /** What a stage leaves for later ones, who can only read it. */
  handover: { checkout: '/handover/checkout', agent: '/handover/agent' },
  secrets: '/run/mainloop',
} as const
