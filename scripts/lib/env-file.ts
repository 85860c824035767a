/** Sets a variable in the text of a `.env` file: in its old place, or at the end. */
export function withVariable(text: string, name: string, value: string): string {
  const line = `${name}=${value}`
  const lines = text.split('\n')
  const at = lines.findIndex(each => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`).test(each))
  if (at >= 0)
    return lines.with(at, line).join('\n')
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`
}
