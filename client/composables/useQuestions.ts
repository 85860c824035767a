import type { Answer, Question } from '#shared/model/task.ts'
import { computed, ref } from 'vue'
import { useDraft } from './useDraft.ts'

/**
 * Questions one at a time, with everything said before it is sent.
 * `name`: which questions these are, for what is said so far.
 */
export function useQuestions(questions: () => readonly Question[], name: string) {
  const at = ref(0)
  const { draft: texts, forget } = useDraft<Record<string, string>>(name, {})
  const current = computed(() => questions()[at.value] ?? null)
  const text = computed({
    get: () => current.value ? texts.value[current.value.id] ?? '' : '',
    set: (said) => {
      if (current.value)
        texts.value = { ...texts.value, [current.value.id]: said }
    },
  })
  const answers = computed((): Answer[] =>
    questions().map(({ id }) => ({ question: id, text: (texts.value[id] ?? '').trim() })),
  )

  /** A chosen option is an answer: one tap goes on. */
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
