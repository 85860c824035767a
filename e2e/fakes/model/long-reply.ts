/** A reply with all kinds of Markdown: headings, lists, a table, code, a quotation. */
export const LONG_REPLY = `## From a message to a merged pull request

A task is work on **one repository**. It begins as a proposal and ends with your decision; in between it needs you only when it has a question.

1. **Propose.** I write down what should change and where. Nothing runs yet.
2. **Implement.** A worker checks the repository out, reads the code around the change, edits it and runs the tests it finds.
3. **Check.** The branch becomes a draft pull request. GitHub Actions decides whether it is green.
4. **Fix.** When a check fails, the failing part of its log goes to a new attempt, at most five times.
5. **Review.** A green pull request is marked ready and waits in your inbox.

### What the worker may do

| it can | it cannot |
| --- | --- |
| read and edit the checkout | push anywhere but its own branch |
| run the repository's tests | see a token of yours |
| ask you a question | merge |

The branch is named after the task, so it can be found from either side:

\`\`\`ts
export function branchName({ id, title }: { id: TaskId, title: string }): string {
  const slug = title.toLowerCase().replace(/[^a-z\\d]+/g, '-')
  return \`mainloop/\${id}-\${slug}\`
}
\`\`\`

> A check that never ran is not a green check. When a repository has no CI, I say so and leave the pull request a draft.

If the runner stops in the middle, nothing is lost: it compares what should exist with what does, and goes on from there. \
That is also why you can close the laptop now.`
