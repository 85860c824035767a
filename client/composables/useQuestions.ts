import type { Answer, Question } from '#shared/model/task.ts'
import { computed, ref } from 'vue'
import { trimText } from '../lib/trim-text.ts'
import { useDraft } from './useDraft.ts'

/**
 * Asks questions one at a time and shows all answers before
 * they are sent. `name`: the key of the draft answers.
 */
export function useQuestions(questions: () => readonly Question[], name: string) {
  const at = ref(0)
  const { draft: texts, forget } = useDraft<Record<string, string>>(name, {})
  const current = computed(() => questions()[at.value] ?? null)
  const text = computed({
    get: () => current.value ? texts.value[current.value.id] ?? '' : '',
    set: (value) => {
      if (current.value)
        texts.value = { ...texts.value, [current.value.id]: value }
    },
  })
  const answers = computed((): Answer[] =>
    questions().map(({ id }) => ({ question: id, text: trimText(texts.value[id] ?? '') })),
  )

  /** Answers with an option and goes on to the next question. */
  function choose(option: string) {
    text.value = option
    next()
  }
  function next() {
    if (text.value.trim() !== '')
      at.value += 1
  }

  return {
    at,
    current,
    text,
    answers,
    choose,
    next,
    forget,
    back: () => void (at.value = Math.max(0, at.value - 1)),
    complete: computed(() => current.value === null && answers.value.every(answer => answer.text !== '')),
  }
}
