import type { Attachment } from '#shared/model/attachment.ts'
import type { ModelBlock, PersonBlock } from '../model/model.ts'

/** A file that is not read yet, with the tokens it may take. */
export interface FileBlock { kind: 'file', file: Attachment, tokens: number }

/** A message of a request whose files are not read yet. */
export type ContextMessage
  = | { role: 'user', content: (PersonBlock | FileBlock)[] }
    | { role: 'assistant', content: ModelBlock[] }
