import type { LiveDown } from '#shared/protocol/live.ts'
import type { Files } from '../attachments/files.ts'
import type { Model } from '../model/model.ts'
import type { Store } from '../store/store.ts'
import type { ToolDeps } from '../tools/tools.ts'

export interface TurnDeps extends ToolDeps {
  store: Store
  model: Model
  /** The bytes of what the person attached. */
  readFile: Files['read']
  /** What is written in the books. */
  modelId: string
  /** To every device that listens now; those that do not get the row. */
  broadcast: (frame: LiveDown) => void
  /** ms since the epoch. */
  now: () => number
  newId: () => string
}
