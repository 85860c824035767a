/** The checked parts of an object of a rendered overlay. */
export interface Rendered {
  kind: string
  metadata: { name: string }
  data?: Record<string, string>
  spec?: { template?: { spec?: { containers?: { image?: string }[] } } }
}

/** The placeholders that a person has to replace contain this. */
const PLACEHOLDER = /\bexample\./

/** Returns a line for each setting of a rendered overlay that is still missing. */
export function overlayProblems(objects: readonly Rendered[]): string[] {
  const ofKind = (kind: string): Rendered[] => objects.filter(object => object.kind === kind)
  const settings = ofKind('ConfigMap').find(({ metadata }) => metadata.name.startsWith('runner'))?.data ?? {}
  const secrets = ofKind('Secret').find(({ metadata }) => metadata.name.startsWith('runner'))?.data
  const image = ofKind('Deployment')[0]?.spec?.template?.spec?.containers?.[0]?.image ?? ''
  const isMissing = (value = ''): boolean => value === '' || PLACEHOLDER.test(value)
  const lacks = (name: string): boolean => secrets !== undefined && !secrets[name]

  return [
    ...isMissing(image) ? [NO_IMAGE] : [],
    ...image === settings.MAINLOOP_IMAGE ? [] : [otherImage(image, settings.MAINLOOP_IMAGE)],
    ...isMissing(settings.MAINLOOP_EDGE) ? [NO_EDGE] : [],
    ...lacks('RUNNER_TOKEN') ? ['RUNNER_TOKEN is empty: it is what the edge was given under that name.'] : [],
    ...lacks('ANTHROPIC_API_KEY') && lacks('CLAUDE_CODE_OAUTH_TOKEN') ? [NO_CLAUDE] : [],
  ]
}

const NO_IMAGE
  = 'Which image? Push the one of `make image` to a registry the cluster pulls from, and name it under "images".'
const NO_EDGE = 'Where is the edge? Set MAINLOOP_EDGE to the address that `make deploy` printed.'
const NO_CLAUDE = 'Workers cannot ask Claude: set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN.'

function otherImage(image: string, workerImage = 'not set'): string {
  return `The runner's image is ${image}, and MAINLOOP_IMAGE, which its workers run, is ${workerImage}: `
    + 'they must be the same.'
}
