/** A failure that the person can mend. Its message names the problem and the remedy; it is shown without a stack. */
export class UserError extends Error {
  override readonly name = 'UserError'
}
