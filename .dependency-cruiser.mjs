/**
 * The walls of the house, checked by `npm run check`.
 *
 * A lib may import the libs BELOW it in this list, never one above, and only as `#name`, which is the other
 * lib's index.ts. Add a lib by adding its name in the right place.
 */
const LAYERS = [
  'console',
  'admin',
  'simulation',
  'health',
  'alarms',
  'escalation',
  'notifications',
  'directory',
  'audit',
  'access',
  'platform',
];

const SPEC = '[.]spec[.]tsx?$';
const PROCESS_MODULE = '[.](http|worker)[.]module[.]ts$';

/** Everything a lib must not see: the libs above it, and names that have no place in the list at all. */
const layerRules = LAYERS.map((name, position) => ({
  name: `layer-${name}`,
  severity: 'error',
  comment: `${name} may import only ${LAYERS.slice(position + 1).join(', ') || 'no other lib'}`,
  from: { path: `^libs/${name}/` },
  to: { path: '^libs/', pathNot: `^libs/(${LAYERS.slice(position).join('|')})/` },
}));

export default {
  forbidden: [
    ...layerRules,
    {
      name: 'lib-without-a-layer',
      severity: 'error',
      comment: 'a new lib needs its place in LAYERS',
      from: { path: '^libs/', pathNot: `^libs/(${LAYERS.join('|')})/` },
      to: {},
    },
    {
      name: 'lib-through-its-door',
      severity: 'error',
      comment: 'another lib is reached through its index.ts only',
      from: { path: '^libs/([^/]+)/' },
      to: { path: '^libs/', pathNot: ['^libs/$1/', '^libs/[^/]+/index[.]ts$'] },
    },
    {
      name: 'app-through-the-door',
      severity: 'error',
      comment: 'apps and migrations see an index.ts; apps also the modules written for one kind of process',
      from: { path: '^(apps|migrations)/' },
      to: { path: '^libs/', pathNot: ['^libs/[^/]+/index[.]ts$', PROCESS_MODULE] },
    },
    {
      name: 'lib-by-its-name',
      severity: 'error',
      comment: "write '#name', not a path into libs/",
      from: { path: '^(apps|migrations|test|libs/([^/]+))/' },
      to: {
        path: '^libs/[^/]+/index[.]ts$',
        pathNot: '^libs/$2/',
        dependencyTypesNot: ['aliased-subpath-import'],
      },
    },
    {
      name: 'process-module-from-apps-only',
      severity: 'error',
      comment:
        'a module that registers controllers or job processors decides what a process does: apps choose',
      from: { path: '^(libs|migrations)/', pathNot: SPEC },
      to: { path: PROCESS_MODULE },
    },
    {
      name: 'nothing-imports-apps',
      severity: 'error',
      from: { path: '^(libs|migrations)/' },
      to: { path: '^apps/' },
    },
    {
      name: 'no-test-code-in-production',
      severity: 'error',
      from: { path: '^(apps|libs|migrations)/', pathNot: SPEC },
      to: { path: ['^test/', SPEC] },
    },
    {
      name: 'no-dev-dependency-in-production',
      severity: 'error',
      comment: 'a type disappears when compiled, so only types may come from there',
      from: { path: '^(apps|libs|migrations)/', pathNot: SPEC },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'with ES modules and decorators a circle is a class that is not there yet when it is needed',
      from: {},
      to: { circular: true },
    },
    {
      name: 'not-resolvable',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^dist/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['source', 'import', 'node', 'default'],
      exportsFields: ['exports'],
      extensions: ['.ts', '.tsx', '.mts', '.mjs', '.js', '.json'],
    },
  },
};
