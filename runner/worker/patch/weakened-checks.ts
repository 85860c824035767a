import type { FilePatch } from './parse-patch.ts'
import { isCommands, isProse, isTest } from './file-kinds.ts'

/** A pattern of added lines that let checks pass without correct code. */
interface Rule {
  /** The beginning of the flag. */
  flag: string
  appliesTo: (path: string) => boolean
  pattern: RegExp
}

const TEST_FUNCTION = '(?:it|test|describe|suite|context|specify|bench)'

const RULES: readonly Rule[] = [
  {
    flag: 'Skips tests',
    appliesTo: isTest,
    pattern: anyOf([
      String.raw`\b${TEST_FUNCTION}\.(?:\w+\.)*(?:skip|skipIf|runIf|todo|fails|failing)\b`,
      String.raw`\bx(?:it|test|describe|context|specify)\b`,
      String.raw`\b(?:this|t|ctx|context|self|testInfo)\.skip(?:Test)?\(`,
      String.raw`\bskip\s*:\s*(?:true|['"\`])`,
      String.raw`@?(?:pytest\.mark|unittest)\.(?:skip\w*|xfail|expectedFailure)\b`,
      String.raw`\bpytest\.(?:skip|xfail|importorskip)\(`,
      String.raw`\bSkipTest\b`,
      String.raw`\b__test__\s*=\s*False\b`,
      String.raw`@(?:Ignore|Disabled\w*)\b`,
      String.raw`@Test\(.*\benabled\s*=\s*false`,
      String.raw`\[(?:Ignore\b|(?:Fact|Theory)\(.*\bSkip\s*=)`,
      String.raw`\bt\.Skip(?:Now|f)?\(`,
      String.raw`\bmarkTest(?:Skipped|Incomplete)\b`,
      String.raw`\bXCTSkip\w*`,
      String.raw`\.disabled\(`,
      String.raw`@(?:module)?tag :?skip\b`,
      String.raw`\b(?:GTEST_SKIP|DISABLED_\w+)`,
      String.raw`^\s*(?:skip|pending)(?:\s+['"]|\(|\s*$)`,
    ]),
  },
  // Rust has unit tests in its source files.
  { flag: 'Skips tests', appliesTo: path => path.endsWith('.rs'), pattern: /#\[ignore\b/ },
  {
    flag: 'Runs only some tests',
    appliesTo: isTest,
    pattern: /\b(?:it|test|describe|suite|context|specify)\.only\b|\bf(?:it|describe|context)\s*\(/,
  },
  {
    flag: 'Lets CI pass although something failed',
    appliesTo: isCommands,
    pattern: anyOf([
      String.raw`\bcontinue-on-error:\s*(?:true|\$\{\{)`,
      String.raw`\ballow_failure:\s*true`,
      String.raw`^\s*(?:-\s*)?if:\s*['"]?(?:false|\$\{\{\s*false)`,
      String.raw`\|\|\s*(?:true|:|exit 0|echo)(?=\W|$)`,
      String.raw`;\s*(?:true|exit 0)\s*["']?\s*,?$`,
      String.raw`\bset \+e\b`,
      String.raw`--passWithNoTests\b`,
      String.raw`-DskipTests\b|-Dmaven\.test\.skip\b`,
    ]),
  },
  {
    flag: 'Silences a check',
    appliesTo: path => !isProse(path),
    pattern: anyOf([
      String.raw`\beslint-disable\b`,
      String.raw`@ts-(?:ignore|nocheck|expect-error)\b`,
      String.raw`\bbiome-ignore\b`,
      String.raw`#\s*(?:noqa|type:\s*ignore|pylint:\s*disable|pragma:\s*no cover)\b`,
      String.raw`//\s*nolint\b`,
      String.raw`#!?\[allow\(`,
      String.raw`@SuppressWarnings\b`,
      String.raw`\b(?:istanbul|v8|c8) ignore\b`,
      String.raw`\brubocop:disable\b`,
      String.raw`\bshellcheck disable\b`,
    ]),
  },
]

const TEST_START
  = /\b(?:it|test|specify)(?:\.\w+)*\s*\(|\bdef test\w*|\bfunc (?:\(.*\) )?Test\w*\(|@(?:Parameterized)?Test\b|#\[(?:\w+::)?test\b|\[(?:Fact|Theory|Test|TestMethod)\b/
const ASSERTION = /\bexpect\w*\s*[(.]|\bassert\w*\b|\bshould\b|\brequire\.\w+\(|\bt\.(?:Error|Fatal)f?\(/i

/** A test in a comment does not run, so it counts as removed. */
const COMMENT = /^\s*(?:\/\/|\/\*|\*|#(?![![])|--|<!--)/

/** Flags changes that make checks weaker than before, file by file. */
export function weakenedChecks(files: readonly FilePatch[]): string[] {
  return [...new Set(files.flatMap(file => [...matchedRules(file), ...removedTests(file)]))]
}

/** A rule matches if the patch adds more such lines than it removes: a line that moves is no change. */
function matchedRules({ path, added, removed }: FilePatch): string[] {
  return RULES.filter(({ appliesTo }) => appliesTo(path)).flatMap(({ flag, pattern }) => {
    const matches = added.flatMap(line => pattern.exec(line)?.[0] ?? [])
    const [first] = matches
    const isMore = matches.length > removed.filter(line => pattern.test(line)).length
    return isMore && first !== undefined ? [`${flag} in ${path}: ${first.trim().slice(0, MAX_MATCH_LENGTH)}`] : []
  })
}

/** The characters of a match that a flag shows. */
const MAX_MATCH_LENGTH = 60

function removedTests({ path, added, removed }: FilePatch): string[] {
  if (!isTest(path))
    return []
  const difference = (pattern: RegExp): number => count(removed, pattern) - count(added, pattern)
  const [tests, assertions] = [difference(TEST_START), difference(ASSERTION)]
  const parts = [
    ...tests > 0 ? [`${tests} ${tests === 1 ? 'test' : 'tests'}`] : [],
    ...assertions > 0 ? [`${assertions} ${assertions === 1 ? 'assertion' : 'assertions'}`] : [],
  ]
  return parts.length > 0 ? [`Takes ${parts.join(' and ')} out of ${path}`] : []
}

function count(lines: readonly string[], pattern: RegExp): number {
  return lines.filter(line => !COMMENT.test(line) && pattern.test(line)).length
}

function anyOf(patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'))
}
