/**
 * Words that once were private names for things which have a name in the field, and the name to use instead.
 * `docs/glossary.md` explains those names.
 */
const PRIVATE_WORDS = [
  ['door', 'route policy, or the name of the parser'],
  ['lobby', 'pairing registry'],
  ['shelf', 'budget or backend'],
  ['crowd', 'load fixture'],
  ['world', 'in-memory fake or harness'],
  ['desk', 'pairing handler'],
  ['visitor', 'identity'],
  ['hurry', 'poll soon'],
  ['judge', 'classify, validate or evaluate'],
  ['judgment', 'classification or result'],
  ['judgement', 'classification or result'],
  ['settle', 'resolve, mark or wait for quiet'],
  ['fence', 'lease epoch, or untrusted text'],
  ['silence', 'idle timeout'],
  ['news', 'poke patch'],
  ['withheld', 'held'],
] as const

/** Names of published interfaces, which we cannot choose. */
const PUBLISHED_NAMES = new Set(['openWorldHint'])

/** The words with their plurals, past forms and participles. */
const FORMS = new Map(PRIVATE_WORDS.flatMap(([word, instead]) => {
  const stem = word.replace(/e$/, '')
  const past = word.replace(/y$/, 'ied')
  const plural = word.replace(/y$/, 'ie').replace(/f$/, 've')
  const forms = [word, `${word}s`, `${plural}s`, past, `${stem}ed`, `${stem}ing`, `${stem}er`]
  return forms.map(form => [form, { word, instead }] as const)
}))

/** The first private word in an identifier or a file name of any case, or null. */
export function findPrivateWord(name: string): { word: string, instead: string } | null {
  if (PUBLISHED_NAMES.has(name))
    return null
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
