import type { TaskTerms } from '#shared/model/task.ts'
import { trimText } from './trim-text.ts'

export interface ProposalForm {
  title: string
  repository: string
  base: string
  brief: string
  planFirst: boolean
  model: string
  budgetUsd: number
}
export type ProposalEdits = { -readonly [K in keyof TaskTerms]?: TaskTerms[K] }

/** Only the terms that the person changed; an empty branch or model means the default. */
export function proposalEdits(terms: TaskTerms, form: ProposalForm): ProposalEdits {
  const edited: TaskTerms = {
    ...form,
    title: form.title.trim(),
    brief: trimText(form.brief),
    base: form.base.trim() || null,
    model: form.model.trim() || null,
  }
  const edits: ProposalEdits = {}
  for (const key of ['title', 'repository', 'base', 'brief', 'planFirst', 'model', 'budgetUsd'] as const)
    keep(key)
  return edits

  function keep<K extends keyof TaskTerms>(key: K) {
    if (edited[key] !== terms[key])
      edits[key] = edited[key]
  }
}
