/**
 * `npm run try:image`: builds docker/Dockerfile and does the main job in containers of it, where neither Docker nor an
 * image registry can be had. As root on Debian, with debootstrap, buildah, runc and redis-server.
 *
 * Only the two base images are stand-ins: a minimal Debian from its own packages, and the same with the Node of
 * node_modules and this machine's npm. Every step of the Dockerfile is executed as it is written. The stand-ins are
 * kept (buildah images); without them the next run begins anew.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT, run, RUNTIME } from './command.mjs';

const DEBIAN = 'localhost/stand-in/debian:trixie-slim';
const NODE = 'localhost/stand-in/node:trixie-slim';
const IMAGE = 'localhost/alarm-broker:try';
// What debian:…-slim leaves out of the packages, and what is made anew at once.
const NOT_SLIM = ['doc', 'man', 'info', 'locale'].map((name) => `usr/share/${name}`);
const LEFTOVERS = ['var/cache/apt', 'var/lib/apt/lists', 'var/log'];
const CERTIFICATES = '/etc/ssl/certs/ca-certificates.crt';

// Without a container engine's services: no overlay mounts for the steps of a build, just other roots.
process.env.BUILDAH_ISOLATION = 'chroot';

try {
  for (const program of ['debootstrap', 'buildah', 'runc', 'redis-server']) await need(program);
  if (!(await hasImage(DEBIAN))) await makeDebian();
  if (!(await hasImage(NODE))) await makeNode();
  const { commit, size } = await buildImage();
  console.log(`✓ built: ${size} (${await sizeOf(DEBIAN)} of it is the base)`);
  await tryImage(commit);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

async function makeDebian() {
  console.log('Making a minimal Debian ...');
  const folder = mkdtempSync(join(tmpdir(), 'alarm-broker-debian-'));
  try {
    await must('debootstrap', ['--variant=minbase', 'trixie', folder]);
    for (const path of [...NOT_SLIM, ...LEFTOVERS])
      await must('find', [join(folder, path), '-mindepth', '1', '-delete']);
    await withContainer('scratch', DEBIAN, (container) =>
      must('buildah', ['add', '-q', container, folder, '/']),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function makeNode() {
  console.log('Putting Node.js and npm into it ...');
  // …/npm/bin/npm-cli.js
  const npm = dirname(dirname((await must('sh', ['-c', 'readlink -f "$(command -v npm)"'])).trim()));
  await withContainer(DEBIAN, NODE, async (container) => {
    await must('buildah', ['copy', '-q', container, RUNTIME, '/usr/local/bin/node']);
    await must('buildah', ['copy', '-q', container, npm, '/usr/local/lib/node_modules/npm']);
    const link = ['ln', '-s', '../lib/node_modules/npm/bin/npm-cli.js', '/usr/local/bin/npm'];
    await must('buildah', ['run', container, ...link]);
    if (!existsSync(CERTIFICATES)) return;
    // This machine may trust an authority of its own, without which npm reaches nothing.
    await must('buildah', ['copy', '-q', container, CERTIFICATES, CERTIFICATES]);
    await must('buildah', ['config', '--env', `NODE_EXTRA_CA_CERTS=${CERTIFICATES}`, container]);
  });
}

async function buildImage() {
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const commit = (await must('git', ['rev-parse', 'HEAD'])).trim();
  const args = {
    NODE_IMAGE: NODE,
    DEBIAN_IMAGE: DEBIAN,
    VERSION: version,
    COMMIT: commit,
    BUILT_AT: new Date().toISOString(),
  };
  const buildArgs = Object.entries(args).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
  console.log('Building docker/Dockerfile ...');
  // Docker's own format: that of the Open Container Initiative has no health checks.
  const options = ['--pull=never', '--layers', '--format', 'docker', '-f', 'docker/Dockerfile', '-t', IMAGE];
  await must('buildah', ['build', ...options, ...buildArgs, ROOT]);
  return { commit, size: await sizeOf(IMAGE) };
}

async function tryImage(commit) {
  const inspected = JSON.parse(await must('buildah', ['inspect', '--type', 'image', IMAGE]));
  const container = (await must('buildah', ['from', '--pull=never', IMAGE])).trim();
  try {
    const rootfs = (await must('buildah', ['mount', container])).trim();
    const config = JSON.stringify(inspected.Docker.config);
    const args = ['--disable-warning=ExperimentalWarning', join(ROOT, 'test/image/try.mts')];
    const { code } = await run(RUNTIME, [...args, rootfs, config, commit]);
    process.exitCode = code;
  } finally {
    await must('buildah', ['rm', container]);
  }
}

async function withContainer(from, tag, work) {
  const container = (await must('buildah', ['from', '--pull=never', from])).trim();
  await work(container);
  await must('buildah', ['commit', '-q', '--rm', container, tag]);
}

async function hasImage(name) {
  return (await run('buildah', ['inspect', '--type', 'image', name], { quiet: true })).code === 0;
}

async function sizeOf(name) {
  return (await must('buildah', ['images', '--format', '{{.Size}}', name])).trim();
}

async function need(program) {
  await must('sh', ['-c', `command -v ${program}`]).catch(() => {
    throw new Error(`This needs ${program} on the PATH (a Debian package of that name, or that brings it).`);
  });
}

async function must(program, args) {
  const { code, output } = await run(program, args, { quiet: true });
  if (code !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')} …: exit code ${code}\n${output}`);
  return output;
}
