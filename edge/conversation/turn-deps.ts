import type { LiveDown } from '#shared/protocol/live.ts'
import type { Files } from '../attachments/files.ts'
import type { Model } from '../model/model.ts'
import type { Store } from '../store/store.ts'
import type { ToolDeps } from '../tools/tools.ts'

export interface TurnDeps extends ToolDeps {
  store: Store
  model: Model
  /** Reads the bytes of attachments. */
  readFile: Files['read']
  /** The model's id in the usage records. */
  modelId: string
  /** Sends to every connected device; the others get the row later. */
  broadcast: (frame: LiveDown) => void
  /** ms since the epoch. */
  now: () => number
  newId: () => string
}
