import type { TaskTerms } from '#shared/model/task.ts'

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

/** Only what the person changed; an empty branch or model means the default. */
export function proposalEdits(terms: TaskTerms, form: ProposalForm): ProposalEdits {
  const said: TaskTerms = {
    ...form,
    title: form.title.trim(),
    brief: form.brief.trim(),
    base: form.base.trim() || null,
    model: form.model.trim() || null,
  }
  const edits: ProposalEdits = {}
  keep('title')
  keep('repository')
  keep('base')
  keep('brief')
  keep('planFirst')
  keep('model')
  keep('budgetUsd')
  return edits

  function keep<K extends keyof TaskTerms>(key: K) {
    if (said[key] !== terms[key])
      edits[key] = said[key]
  }
}
