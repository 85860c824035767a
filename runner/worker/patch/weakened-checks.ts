import type { FilePatch } from './parse-patch.ts'
import { isCommands, isProse, isTest } from './file-kinds.ts'

/** How a check can be made to pass without what it checks being right, by the customs of the common languages. */
interface Trick {
  says: string
  where: (path: string) => boolean
  pattern: RegExp
}

const TRICKS: readonly Trick[] = [
  {
    says: 'Skips tests',
    where: isTest,
    pattern: any([
      String.raw`\b(?:it|test|describe|suite|context|specify|harness)\.(?:\w+\.)*(?:skip|skipIf|runIf|todo|fails|failing)\b`,
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
  // Rust keeps its tests beside what they test.
  { says: 'Skips tests', where: path => path.endsWith('.rs'), pattern: /#\[ignore\b/ },
  {
    says: 'Runs only some tests',
    where: isTest,
    pattern: /\b(?:it|test|describe|suite|context|specify)\.only\b|\bf(?:it|describe|context)\s*\(/,
  },
  {
    says: 'Lets CI pass although something failed',
    where: isCommands,
    pattern: any([
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
    says: 'Silences a check',
    where: path => !isProse(path),
    pattern: any([
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

/** What makes a test one, and what makes it mean something. */
const TEST_BEGINS
  = /\b(?:it|test|specify)(?:\.\w+)*\s*\(|\bdef test\w*|\bfunc (?:\(.*\) )?Test\w*\(|@(?:Parameterized)?Test\b|#\[(?:\w+::)?test\b|\[(?:Fact|Theory|Test|TestMethod)\b/
const ASSERTION = /\bexpect\w*\s*[(.]|\bassert\w*\b|\bshould\b|\brequire\.\w+\(|\bt\.(?:Error|Fatal)f?\(/i

/** What stands behind it was not deleted, but is not run either. */
const COMMENT = /^\s*(?:\/\/|\/\*|\*|#(?![![])|--|<!--)/

/** What a reviewer should look at twice because it makes checks say less than before, file by file. */
export function weakenedChecks(files: readonly FilePatch[]): string[] {
  return [...new Set(files.flatMap(file => [...tricks(file), ...losses(file)]))]
}

/** Reports a trick only where the patch adds more of it than it removes: moving or indenting a line is no change. */
function tricks({ path, added, removed }: FilePatch): string[] {
  return TRICKS.flatMap(({ says, where, pattern }) => {
    if (!where(path))
      return []
    const found = added.filter(line => pattern.test(line))
    const gone = removed.filter(line => pattern.test(line))
    return found.length > gone.length
      ? [
          `${says} in ${path}: ${pattern
            .exec(found[0] ?? '')?.[0]
            .trim()
            .slice(0, MAX_SHOWN)}`,
        ]
      : []
  })
}

/** Of what matched. Characters. */
const MAX_SHOWN = 60

function losses({ path, added, removed }: FilePatch): string[] {
  if (!isTest(path))
    return []
  const lost = (what: RegExp): number => countOf(removed, what) - countOf(added, what)
  const [tests, assertions] = [lost(TEST_BEGINS), lost(ASSERTION)]
  const said = [
    ...tests > 0 ? [`${tests} ${tests === 1 ? 'test' : 'tests'}`] : [],
    ...assertions > 0 ? [`${assertions} ${assertions === 1 ? 'assertion' : 'assertions'}`] : [],
  ]
  return said.length > 0 ? [`Takes ${said.join(' and ')} out of ${path}`] : []
}

function countOf(lines: readonly string[], what: RegExp): number {
  return lines.filter(line => !COMMENT.test(line) && what.test(line)).length
}

function any(patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join('|'))
}
