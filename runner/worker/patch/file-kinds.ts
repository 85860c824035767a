/** Matches test files by the conventions of common languages. */
const TEST
  = /(?:^|\/)(?:tests?|specs?|__tests__|e2e|testdata)\/|(?:^|\/)test_[^/]+$|[._-](?:test|tests|spec)\.[^/]+$|Tests?\.(?:java|kt|cs|swift)$/i

const WORKFLOW = /^\.github\/(?:workflows|actions)\//

/** Matches files with commands that CI may run. */
const COMMANDS
  = /(?:^|\/)(?:package\.json|[^/]*Makefile|justfile|tox\.ini|noxfile\.py|pom\.xml|Dockerfile|Jenkinsfile|\.gitlab-ci\.yml)$|\.(?:sh|bash|mk)$|^\.circleci\//i

/** Matches prose, which may mention any pattern. */
const PROSE = /\.(?:md|mdx|rst|txt|adoc)$/i

export const isTest = (path: string): boolean => TEST.test(path)
export const isWorkflow = (path: string): boolean => WORKFLOW.test(path)
export const isCommands = (path: string): boolean => WORKFLOW.test(path) || COMMANDS.test(path)
export const isProse = (path: string): boolean => PROSE.test(path)
