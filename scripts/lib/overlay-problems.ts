/** An object of a rendered overlay, as far as it is looked at. */
export interface Rendered {
  kind: string
  metadata: { name: string }
  data?: Record<string, string>
  spec?: { template?: { spec?: { containers?: { image?: string }[] } } }
}

/** What the examples say where the person has to say something. */
const EXAMPLES = /\bexample\./

/** What is left to be said in an overlay before it can be applied: a sentence each. */
export function overlayProblems(objects: readonly Rendered[]): string[] {
  const of = (kind: string): Rendered[] => objects.filter(object => object.kind === kind)
  const settings = of('ConfigMap').find(({ metadata }) => metadata.name.startsWith('runner'))?.data ?? {}
  const secrets = of('Secret').find(({ metadata }) => metadata.name.startsWith('runner'))?.data
  const image = of('Deployment')[0]?.spec?.template?.spec?.containers?.[0]?.image ?? ''
  const edge = settings.MAINLOOP_EDGE ?? ''
  const empty = secrets ? Object.entries(secrets).flatMap(([name, value]) => value === '' ? [name] : []) : []
  const lacks = (name: string): boolean => secrets !== undefined && (secrets[name] === undefined || empty.includes(name))

  return [
    ...image === '' || EXAMPLES.test(image) ? ['Which image? Push the one of `make image` to a registry the cluster pulls from, and name it under "images".'] : [],
    ...image === settings.MAINLOOP_IMAGE ? [] : [`The runner's image is ${image}, and MAINLOOP_IMAGE, which its workers run, is ${settings.MAINLOOP_IMAGE ?? 'not set'}: they must be the same.`],
    ...edge === '' || EXAMPLES.test(edge) ? ['Where is the edge? Set MAINLOOP_EDGE to the address that `make deploy` printed.'] : [],
    ...lacks('RUNNER_TOKEN') ? ['RUNNER_TOKEN is empty: it is what the edge was given under that name.'] : [],
    ...lacks('ANTHROPIC_API_KEY') && lacks('CLAUDE_CODE_OAUTH_TOKEN') ? ['Workers cannot ask Claude: set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN.'] : [],
  ]
}
