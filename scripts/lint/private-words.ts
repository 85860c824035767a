/**
 * Words that once were private names for things which have a name in the field, and the name to use instead.
 * `docs/glossary.md` explains those names.
 */
export const PRIVATE_WORDS: Readonly<Record<string, string>> = {
  door: 'route policy, or the name of the parser',
  doorway: 'route policy',
  lobby: 'pairing registry',
  shelf: 'budget or backend',
  crowd: 'load fixture',
  world: 'in-memory fake or harness',
  desk: 'pairing handler',
  visitor: 'identity',
  hurry: 'poll soon',
  judge: 'classify, validate or evaluate',
  judgment: 'classification or validation result',
  judgement: 'classification or validation result',
  settle: 'resolve, mark or wait for quiet, by what it does',
  fence: 'lease epoch, or untrusted text',
  silence: 'idle timeout',
  news: 'poke patch',
  withheld: 'held',
  lounge: 'waiting list',
  manners: 'politeness of the protocol, by what it does',
  stash: 'store or cache',
  gauge: 'measurement',
}

/** Also the plural, the past and the participle of a word. */
const FORMS = new Map(Object.entries(PRIVATE_WORDS).flatMap(([word, instead]) => {
  const stem = word.replace(/e$/, '')
  const forms = [word, `${word}s`, `${stem}ed`, `${stem}ing`, `${stem}er`, `${word.replace(/y$/, 'i')}es`, word.replace(/y$/, 'ied')]
  return [...forms, ...word === 'shelf' ? ['shelves'] : []].map(form => [form, { word, instead }])
}))

/** The first private word in an identifier or a file name of any case, or null. */
export function findPrivateWord(name: string): { word: string, instead: string } | null {
  for (const part of wordsOf(name)) {
    const found = FORMS.get(part)
    if (found)
      return found
  }
  return null
}

/** `judgeFile`, `judge-file`, `JUDGE_FILE` and `HTMLJudge` are each two words. */
function wordsOf(name: string): string[] {
  return name
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/)
}
