import { runMain } from 'citty'
import { workerCommand } from './worker.ts'

await runMain(workerCommand)
