/** A failure that only the person can mend: the message says what is wrong and what to do. Shown without a stack trace. */
export class UserError extends Error {
  override readonly name = 'UserError'
}
