import { MAX_MESSAGE_LENGTH } from '#shared/model/limits.ts'

/** Why a message cannot be sent as it is; null when it can. */
export function checkMessage(text: string): string | null {
  if (text.length <= MAX_MESSAGE_LENGTH)
    return null
  const number = new Intl.NumberFormat('en-US')
  return `This has ${number.format(text.length)} characters; a message can have ${number.format(MAX_MESSAGE_LENGTH)}. Your text is kept: shorten it, or put it in a file of the repository.`
}
