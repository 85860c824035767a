import { expect, test } from 'vitest'
import { buildRequest } from '../conversation/build-request.ts'
import { search } from '../search/search.ts'
import { withStore } from '../testing/harness.ts'
import { compact } from './compaction.ts'
import { addMessages, keeping, summariserOf } from './testing/memory-fixtures.ts'

const MESSAGES = 10_000
const FACTS = 200
const WANTED_SHARE = 0.95

test('more than 95 % of 200 facts in 10,000 messages are found by their own question, though no summary has them', async () => {
  await withStore(async (store) => {
    const chance = prand(42)
    const facts = placeFacts(chance)
    const texts = Array.from({ length: MESSAGES }, () => chatter(chance))
    for (const { at, sentence } of facts)
      texts[at] = sentence
    await addMessages(store, texts)
    // The worst summariser: facts are found without it.
    await compact({ store, summariser: summariserOf(() => keeping({})), now: () => 0 })

    const context = JSON.stringify(buildRequest(store.sql, { id: 't', answersThrough: MESSAGES, tries: 0, steps: [], reply: null, waits: 0 }, 0))
    const found = facts.filter(({ at, question, sentence }) => context.includes(sentence)
      || search(store.sql, question, { limit: 5, length: 200 }).some(hit => hit.kind === 'message' && hit.sequence === at + 1))
    console.warn(`recall: ${found.length} of ${FACTS} facts found (${(100 * found.length / FACTS).toFixed(1)} %)`)
    expect(found.length / FACTS).toBeGreaterThan(WANTED_SHARE)
    // Most facts are far behind the live window, or the test would prove nothing.
    expect(facts.filter(({ sentence }) => context.includes(sentence)).length).toBeLessThan(FACTS / 10)
  })
})

const SUBJECTS = [
  'the billing service',
  'the mobile app',
  'the search index',
  'the landing page',
  'the importer',
  'the staging cluster',
  'the mail queue',
  'the design system',
  'the audit log',
  'the payment gateway',
  'the weekly report',
  'the onboarding flow',
  'the cache',
  'the crawler',
  'the partner portal',
  'the archive',
  'the scheduler',
  'the login page',
  'the data lake',
  'the chat widget',
]
const ASPECTS = [
  ['owner', 'Who is the owner of', 'belongs to'],
  ['deadline', 'What is the deadline of', 'has its deadline on'],
  ['budget', 'What is the budget of', 'has a budget of'],
  ['region', 'Which region hosts', 'is hosted in the region'],
  ['port', 'Which port serves', 'is served on port'],
  ['license', 'Which license covers', 'comes under the license'],
  ['backup', 'When is the backup of', 'gets its backup at'],
  ['colour', 'Which colour has', 'is painted in the colour'],
  ['version', 'Which version runs', 'runs in version'],
  ['vendor', 'Which vendor supplies', 'is supplied by the vendor'],
] as const
const COMMON = ['the', 'of', 'is', 'a', 'to', 'and', 'in', 'for', 'it', 'that', 'on', 'with', 'as', 'what', 'which', 'who', 'when', 'by', 'has', 'was']

/** The words of the facts and their questions. */
const SHARED = [...SUBJECTS, ...ASPECTS.flat()].flatMap(words => words.split(' ')).filter(word => !COMMON.includes(word.toLowerCase()))

/** Number of other words; the common ones are far more frequent than the rare ones. */
const VOCABULARY = 5_000

/** Each subject has each aspect once, so that every question has one answer and many neighbours that share its words. */
function placeFacts(chance: () => number): { at: number, sentence: string, question: string }[] {
  const taken = new Set<number>()
  return SUBJECTS.flatMap(subject => ASPECTS.map(([aspect, asks, tells]) => {
    let at = Math.floor(chance() * MESSAGES)
    while (taken.has(at))
      at = Math.floor(chance() * MESSAGES)
    taken.add(at)
    return {
      at,
      sentence: `By the way, ${subject} ${tells} ${Math.floor(chance() * 1e9).toString(36)} (${aspect}). ${chatter(chance)}`,
      question: `${asks} ${subject}?`,
    }
  }))
}

/** Noise: most messages have a word or two of the facts and questions. */
function chatter(chance: () => number): string {
  return Array.from({ length: 8 + Math.floor(chance() * 40) }, () => {
    const kind = chance()
    return kind < 0.25 ? pick(COMMON, chance) : kind < 0.3 ? pick(SHARED, chance) : `w${Math.floor(VOCABULARY ** chance()).toString(36)}`
  }).join(' ')
}

function pick(words: readonly string[], chance: () => number): string | undefined {
  return words[Math.floor(chance() * words.length)]
}

/** Pseudo-random numbers in [0, 1), the same in every run. */
function prand(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
}
