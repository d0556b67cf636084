import { Injectable, Logger } from '@nestjs/common';
import { plainToInstance } from 'class-transformer';
import { validateSync, type ValidationError } from 'class-validator';
import { parseDocument, type Document } from 'yaml';

import { MasterData } from '#directory';
import { Policies, type PolicyData } from '#escalation';
import { BrokerError, Database, SeedVariables, Settings, type Violation } from '#platform';

import { SeedFile } from './seed.dto.ts';
import { expandReferences, type SeedProblem } from './seed-values.ts';

/** Loads a seed file: all of it, or nothing and the places that are wrong. */
@Injectable()
export class SeedImport {
  private readonly logger = new Logger('SeedImport');

  constructor(
    private readonly settings: Settings,
    private readonly variables: SeedVariables,
    private readonly database: Database,
    private readonly masterData: MasterData,
    private readonly policies: Policies,
  ) {}

  /** @throws BrokerError `seed.malformed` or `seed.invalid`. */
  async importYaml(text: string): Promise<void> {
    const document = parseDocument(text, { uniqueKeys: true });
    const [error] = document.errors;
    if (error) {
      const line = error.linePos?.[0].line;
      throw new BrokerError(
        'malformed',
        'seed.malformed',
        `Not valid YAML${line ? `, line ${line}` : ''}: ${error.code}.`,
      );
    }
    await this.importData(valueOf(document));
  }

  /** @throws BrokerError `seed.invalid` naming each place in the file. */
  async importData(data: unknown): Promise<void> {
    const seed = this.read(data);
    await this.database.transaction(async (tx) => {
      const policies = policyData(seed);
      const nameable = new Set([
        ...(await this.policies.existing(tx, policiesNamedBy(seed))),
        ...policies.policies.map(({ id }) => id),
      ]);
      refuse([
        ...(await this.masterData.problems(tx, seed, nameable)).map(placed),
        ...(await this.policies.problems(tx, policies)).map(placed).map(({ path, detail }) => ({
          path: `escalation_${path}`.replace(
            `escalation_policies[${seed.escalation_policies.length}]`,
            'escalation_policy',
          ),
          detail,
        })),
      ]);
      // Policies first: sites, rooms and devices may name them.
      this.policies.saveAll(tx, policies);
      await this.masterData.save(tx, seed);
    });
    this.logger.log({ devices: seed.devices.length, rooms: seed.rooms.length }, 'seed imported');
  }

  private read(data: unknown): SeedFile {
    if (typeof data !== 'object' || data === null || Array.isArray(data)) {
      throw new BrokerError(
        'malformed',
        'seed.malformed',
        'A seed file must be a mapping with sites, rooms and so on.',
      );
    }
    const problems: SeedProblem[] = [];
    const expanded = expandReferences(data, this.settings, this.variables, problems);
    refuse(problems);
    const present = Object.fromEntries(
      Object.entries(expanded as object).filter(([, value]) => value !== null),
    );
    const seed = plainToInstance(SeedFile, present, { exposeDefaultValues: true });
    refuse(flatten(validateSync(seed, { whitelist: true, forbidNonWhitelisted: true })));
    return seed;
  }
}

/** Aliases are expanded a bounded number of times, against files that grow without end. */
function valueOf(document: Document.Parsed): unknown {
  try {
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    // Fails for a list or mapping that contains itself.
    JSON.stringify(value);
    return value;
  } catch {
    throw new BrokerError(
      'malformed',
      'seed.malformed',
      'Not valid YAML: an alias stands for nothing or for what it is part of, or too many are used.',
    );
  }
}

const policyData = (seed: SeedFile): PolicyData => ({
  policies: [...seed.escalation_policies, ...(seed.escalation_policy ? [seed.escalation_policy] : [])],
  targets: seed.escalation_targets,
  steps: seed.escalation_steps,
});

const policiesNamedBy = ({ sites, rooms, devices }: SeedFile) =>
  [...sites, ...rooms, ...devices].map((named) => named.escalation_policy_id);

/** `/rooms/3/site_id` as people write it: `rooms[3].site_id`. */
const placed = ({ pointer, detail }: Violation): SeedProblem => ({
  path: pointer
    .slice(1)
    .replace(/\/(\d+)/g, '[$1]')
    .replaceAll('/', '.'),
  detail,
});

function flatten(errors: readonly ValidationError[], parent = ''): SeedProblem[] {
  return errors.flatMap((error) => {
    const name = /^\d+$/.test(error.property) ? `[${error.property}]` : `.${error.property}`;
    const path = `${parent}${name}`.replace(/^\./, '');
    const own = Object.values(error.constraints ?? {}).map((words) => ({
      path,
      detail: withoutName(words, error.property),
    }));
    return [...own, ...flatten(error.children ?? [], path)];
  });
}

/** The place is named already. A name comes from the file and can be anything, so no pattern is made of it. */
function withoutName(words: string, name: string): string {
  const beginning = [`property ${name} `, `${name} `].find((text) => words.startsWith(text));
  return words.slice(beginning?.length ?? 0);
}

function refuse(problems: readonly SeedProblem[]): void {
  const [first] = problems;
  if (first === undefined) return;
  const more = problems.length > 1 ? ` (and ${problems.length - 1} more)` : '';
  throw new BrokerError('malformed', 'seed.invalid', `${first.path}: ${first.detail}${more}`, {
    violations: problems.map(({ path, detail }) => ({ pointer: path, detail })),
  });
}
