import type { Task, TaskTerms } from '#shared/model/task.ts'
import { computed, reactive, watch } from 'vue'
import { branchProblem } from '#shared/model/branch.ts'
import { parseRepository } from '#shared/model/repository.ts'
import { proposalEdits } from '../lib/proposal-edits.ts'
import { taskEstimate } from '../lib/task-estimate.ts'
import { useDecide } from './useDecide.ts'
import { useMainloop } from './useMainloop.ts'

/** The form of a proposal; its edits stay on this device until the person starts the task. */
export function useProposal(task: () => Task) {
  const form = reactive(formOf(task()))
  const { rows } = useMainloop()
  const { decide, problem } = useDecide(() => task().id)
  watch(() => task().revision, () => Object.assign(form, formOf(task())))

  const repository = computed(() => parseRepository(form.repository))
  const invalid = computed(() => {
    if (!repository.value.ok)
      return repository.value.message
    if (form.title.trim() === '' || form.brief.trim() === '')
      return 'A task needs a title and a brief.'
    const base = form.base.trim()
    const problem = base === '' ? null : branchProblem(base)
    if (problem !== null)
      return problem
    return Number(form.budgetUsd) > 0 ? null : 'The budget must be more than nothing.'
  })

  async function start() {
    const name = repository.value
    if (invalid.value || !name.ok)
      return
    const edits = proposalEdits(task(), { ...form, repository: name.name })
    await decide(Object.keys(edits).length > 0 ? { kind: 'confirm', edits } : { kind: 'confirm' })
  }

  const estimate = computed(() => repository.value.ok ? taskEstimate(rows.tasks.value, repository.value.name) : null)
  return { form, estimate, invalid, problem, start, dismiss: () => decide({ kind: 'dismiss' }) }
}

function formOf({ title, repository, base, brief, planFirst, model, budgetUsd }: TaskTerms) {
  return { title, repository: repository as string, base: base ?? '', brief, planFirst, model: model ?? '', budgetUsd }
}
