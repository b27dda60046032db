/** Which room may import which: DESIGN section 2. Checked by build/check-layers.ts. */
const outside = (path) => ({ path })

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'shared-is-pure',
      comment: 'shared/ runs anywhere: it imports only itself and pure libraries.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.(test|testing)\\.ts$' },
      to: outside('^(electron|renderer|e2e|build)/'),
    },
    {
      name: 'shared-without-node',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.(test|testing)\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'shared-libraries',
      comment: 'A library that shared/ uses must be pure; add it here after looking.',
      severity: 'error',
      from: { path: '^shared/', pathNot: '\\.(test|testing)\\.ts$' },
      to: {
        path: 'node_modules',
        pathNot: 'node_modules/(zod|yaml|@orpc/(contract|client|shared)|@dagrejs/dagre|@marcbachmann/cel-js)/',
      },
    },
    {
      name: 'renderer-through-the-contract',
      severity: 'error',
      from: { path: '^renderer/', pathNot: '\\.test\\.tsx?$' },
      to: outside('^(electron|e2e|build)/'),
    },
    {
      name: 'engine-knows-no-store',
      severity: 'error',
      from: { path: '^electron/engine/', pathNot: '\\.test\\.ts$' },
      to: outside('^electron/(store|api|hosts|main)/'),
    },
    {
      name: 'store-knows-no-engine',
      severity: 'error',
      from: { path: '^electron/store/', pathNot: '\\.test\\.ts$' },
      to: outside('^electron/(engine|api|hosts|main|spawner|sql)/'),
    },
    {
      name: 'spawner-stands-alone',
      severity: 'error',
      from: { path: '^electron/spawner/', pathNot: '\\.test\\.ts$' },
      to: outside('^electron/(engine|store|api|hosts|main)/'),
    },
    {
      name: 'sql-stands-alone',
      severity: 'error',
      from: { path: '^electron/sql/', pathNot: '\\.test\\.ts$' },
      to: outside('^electron/(engine|store|api|hosts|main)/'),
    },
    {
      name: 'electron-only-in-the-shell',
      severity: 'error',
      from: { path: '^(shared|renderer|electron)/', pathNot: '^electron/(main|preload)/' },
      to: { path: 'node_modules/electron/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'formats-know-nothing-of-each-other',
      severity: 'error',
      from: { path: '^shared/formats/([^/]+)/', pathNot: '\\.test\\.ts$' },
      to: { path: '^shared/formats/[^/]+/', pathNot: '^shared/formats/$1/' },
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true, pathNot: '(\\?(worker|url|raw)|^virtual:)' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    // A sample is a person's own workspace, not part of the app.
    exclude: { path: '^shared/samples/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json', '.css'],
    },
  },
}
