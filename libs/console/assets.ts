import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};

export interface Asset {
  readonly type: string;
  readonly content: Buffer;
}

const FOLDER = new URL('./assets/', import.meta.url);

const read = (name: string): Buffer => readFileSync(new URL(name, FOLDER));

/** The parts of `console.css`, in order. */
const STYLES = ['tokens', 'base', 'frame', 'controls', 'surfaces', 'board', 'alarm', 'course'];

/** What pages refer to, read once: it is part of the program. */
const ASSETS: ReadonlyMap<string, Asset> = new Map(
  [
    ...readdirSync(FOLDER).map((name): [string, Buffer] => [name, read(name)]),
    // One request instead of many.
    ['console.css', Buffer.concat(STYLES.map((name) => read(`console-${name}.css`)))] as const,
  ].map(([name, content]) => [name, { type: TYPES[extname(name)] ?? 'application/octet-stream', content }]),
);

/** Changes whenever one of them does. All are below it, so that they can refer to each other by their names. */
export const FINGERPRINT = [...ASSETS]
  .reduce((hash, [name, { content }]) => hash.update(`${name}\0`).update(content), createHash('sha256'))
  .digest('base64url')
  .slice(0, 16);

export const findAsset = (name: string): Asset | undefined => ASSETS.get(name);

/** The address of a file in `assets/`, which browsers may keep for ever. */
export function asset(name: string): string {
  if (!ASSETS.has(name)) throw new Error(`There is no asset called ${name}.`);
  return `/assets/${FINGERPRINT}/${name}`;
}
