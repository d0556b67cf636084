import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { parseAllDocuments } from 'yaml';

import { findProgram, KUBECTL } from '../support/programs.ts';

const FOLDER = join(import.meta.dirname, '../../docker/kubernetes');

/** The installations that are ready to be copied. */
export const OVERLAYS = ['single-node', 'high-availability'] as const;
export type Overlay = (typeof OVERLAYS)[number];

/** An object as Kubernetes takes it; what else is in it depends on its kind. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly labels?: Readonly<Record<string, string>>;
  };
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- its schema is checked, and asserting on it is the point
  readonly [field: string]: any;
}

/** What `kubectl apply -k` would send. */
export async function render(overlay: Overlay): Promise<Manifest[]> {
  const kubectl = await findProgram(KUBECTL);
  const { stdout } = await promisify(execFile)(kubectl, ['kustomize', join(FOLDER, overlay)], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return parseAllDocuments(stdout).map((document) => document.toJS() as Manifest);
}

/** The rendered objects of one installation, looked up by kind and name. */
export class Manifests {
  readonly all: readonly Manifest[];

  static async of(overlay: Overlay): Promise<Manifests> {
    return new Manifests(await render(overlay));
  }

  private constructor(all: readonly Manifest[]) {
    this.all = all;
  }

  ofKind(...kinds: string[]): Manifest[] {
    return this.all.filter(({ kind }) => kinds.includes(kind));
  }

  /** @throws Error when there is none of that name. */
  named(kind: string, name: string): Manifest {
    const found = this.ofKind(kind).find(({ metadata }) => metadata.name === name);
    if (found === undefined) throw new Error(`There is no ${kind} called ${name}.`);
    return found;
  }

  /** Whatever runs our image. */
  get workloads(): Manifest[] {
    return this.ofKind('Deployment', 'Job');
  }

  /** The pods a selector of labels catches. */
  selectedBy(labels: Readonly<Record<string, string>>): Manifest[] {
    return this.workloads.filter((workload) =>
      Object.entries(labels).every(
        ([name, value]) => workload['spec'].template.metadata.labels[name] === value,
      ),
    );
  }
}
