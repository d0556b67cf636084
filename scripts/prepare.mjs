/** What must be there before anything of ours can run: the installed packages and the compiled programs. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { packageScript, ROOT, run, runNpm, RUNTIME } from './command.mjs';

const DIST = join(ROOT, 'dist');
const STAMP = join(DIST, '.built-from');
const SOURCES = ['apps', 'libs', 'migrations'];
const SETTINGS = ['package.json', 'nest-cli.json', 'tsconfig.json', 'tsconfig.build.json'];

/** A step of the preparation that failed: what the program said about it, and its exit code. */
export class PreparationError extends Error {
  constructor(message, { code, output }) {
    super(`${message}\n\n${output.trim()}`);
    this.code = code;
  }
}

/** Says in one sentence what is missing when this Node is too old to go on. */
export function requireNode() {
  const [major] = process.versions.node.split('.');
  if (Number(major) >= 20) return;
  console.error(`Alarm Broker needs Node.js 20 or newer to start; this is ${process.version}.`);
  process.exit(1);
}

/** Installs the packages unless the ones in package-lock.json are there. */
export async function install() {
  if (isInstalled()) return;
  console.log('Installing packages (first start, or they have changed) ...');
  // Building needs the development packages even where NODE_ENV=production is set.
  const result = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund'], { quiet: true });
  if (result.code !== 0) throw new PreparationError('The packages could not be installed.', result);
}

/** Compiles unless dist/ was made from exactly these sources. */
export async function buildIfChanged() {
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sourcesHash()) return;
  console.log('Building ...');
  const result = await build({ quiet: true });
  if (result.code !== 0) throw new PreparationError('The build failed.', result);
}

/** Compiles everything anew: what stays of a deleted source in dist/ could still be found and run. */
export async function build(options) {
  const hash = sourcesHash();
  rmSync(DIST, { recursive: true, force: true });
  const result = await run(RUNTIME, [packageScript('@nestjs/cli/bin/nest.js'), 'build'], options);
  if (result.code === 0) writeFileSync(STAMP, hash);
  return result;
}

/** Compares what npm wrote down about the installed packages with what is asked for. */
function isInstalled() {
  const wanted = readPackages('package-lock.json');
  const installed = readPackages('node_modules/.package-lock.json');
  if (!wanted || !installed || !existsSync(RUNTIME)) return false;
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const found = installed[path];
    // Optional packages for other platforms are in the lock file and never here.
    return path === '' || (found ? found.version === version : optional);
  });
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(join(ROOT, file), 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** Contents, not times: a checkout or a copy may bring older files, and a deleted one leaves no time at all. */
function sourcesHash() {
  const hash = createHash('sha256');
  const files = SOURCES.filter((folder) => existsSync(join(ROOT, folder))).flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !/\.spec\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name)),
  );
  for (const file of [...files.sort(), ...SETTINGS.map((name) => join(ROOT, name))]) {
    hash
      .update(`${relative(ROOT, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  }
  return hash.digest('hex');
}
