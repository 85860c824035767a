/**
 * The order of imports, types included, bottom first: a folder or file imports only from the lines above its own,
 * and places on one line do not import each other. A file that is not listed may import everything of its part.
 */
const LAYERS = {
  edge: [
    ['env.ts'],
    ['text', 'http'],
    ['store', 'auth', 'attachments', 'model'],
    ['thread', 'tasks', 'members', 'pairing'],
    ['sockets', 'search', 'memory', 'context'],
    ['sync', 'tools', 'runner-connection', 'notifications', 'github'],
    ['conversation', 'mcp'],
    ['create-effects.ts'],
    ['assemble.ts'],
    ['mainloop.ts'],
    ['bindings.ts'],
    ['routes'],
    ['app.ts'],
  ],
  runner: [
    ['lib'],
    ['job'],
    ['config'],
    ['log.ts', 'ci', 'edge-api', 'edge-connection'],
    ['github'],
    ['discussion', 'executor', 'gateway'],
    ['reconcile', 'pairing', 'doctor', 'worker', 'backup'],
    ['cli'],
  ],
  selfhost: [
    ['workers'],
    ['config'],
    ['build-app.ts'],
  ],
  client: [
    ['lib', 'sw'],
    ['sync'],
    ['state'],
    ['composables'],
    ['components'],
    ['pages'],
  ],
}

const TEST_CODE = '(^|/)testing/|\\.(test|spec|testing)\\.ts$|^e2e/'

export default {
  forbidden: [
    {
      name: 'no-circle',
      comment: 'These files import each other. Move what both need into a file that neither owns.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-test-code-in-product',
      comment: 'Code under testing/, in *.testing.ts and in e2e/ is for tests only and is not in the image.',
      severity: 'error',
      from: { path: '^(edge|client|runner|selfhost|shared)/', pathNot: TEST_CODE },
      to: { path: TEST_CODE },
    },
    {
      name: 'resolves',
      comment: 'There is no such file.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, path: '^[.#]' },
    },
    ...Object.entries(LAYERS).flatMap(([part, lines]) => layerRules(part, lines)),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(node_modules|dist)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      extensions: ['.ts', '.vue', '.js', '.mjs'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
}

function layerRules(part, lines) {
  return [
    {
      name: `${part}-folder-has-a-layer`,
      comment: `A new folder of ${part}/ takes a place in the order of .dependency-cruiser.mjs.`,
      severity: 'error',
      from: { path: `^${part}/[^/]+/`, pathNot: [pathOf(part, lines.flat()), TEST_CODE] },
      to: { path: `^${part}/` },
    },
    ...lines.flatMap((places, at) => places.map(place => layerRule(part, place, lines.slice(0, at).flat()))),
  ]
}

function layerRule(part, place, below) {
  return {
    name: `${part}-layers`,
    comment: 'The order of imports is in .dependency-cruiser.mjs: '
      + `move the code that ${part}/${place} needs below it, or pass it in.`,
    severity: 'error',
    from: { path: pathOf(part, [place]), pathNot: TEST_CODE },
    to: { path: `^${part}/`, pathNot: [pathOf(part, [place, ...below]), TEST_CODE] },
  }
}

/** Matches these folders and files of a part. */
function pathOf(part, places) {
  const patterns = places.map(place => place.includes('.') ? `${place.replaceAll('.', '\\.')}$` : `${place}/`)
  return `^${part}/(${patterns.join('|')})`
}
