import { defineCommand } from 'citty'

/** The program of a Job, which only an executor starts. */
export const workerCommand = defineCommand({
  meta: { name: 'worker', description: 'Runs one attempt; started by the executor', hidden: true },
  subCommands: {
    run: defineCommand({
      meta: {
        name: 'run',
        description: 'Runs the stages of the Job in a folder; reads its secrets from standard input',
      },
      args: { folder: { type: 'positional', description: 'The Job\'s folder', required: true } },
      run: async ({ args }) => (await import('../worker/process/run-worker.ts')).runWorker(args.folder),
    }),
    pod: defineCommand({
      meta: { name: 'pod', description: 'Runs one stage as the whole of a container' },
      args: { stage: { type: 'positional', description: 'checkout, agent or publish', required: true } },
      run: async ({ args }) => (await import('../worker/pod/pod-stages.ts')).podMain(args.stage),
    }),
    stage: defineCommand({
      meta: { name: 'stage', description: 'Runs one stage; reads what to do from standard input' },
      run: async () => (await import('../worker/process/stage-main.ts')).stageMain(),
    }),
  },
})
