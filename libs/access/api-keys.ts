import { timingSafeEqual } from 'node:crypto';

import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

import {
  BrokerError,
  Clock,
  Database,
  hashSecret,
  isId,
  newId,
  newSecret,
  secondsAfter,
  Settings,
} from '#platform';

import { ApiKey } from './api-key.entity.ts';
import type { Principal, Role } from './principal.ts';

/** Says what it is when it turns up in a log or a repository. */
const PREFIX = 'abk_';

/** The name of whoever has ADMIN_API_KEY. */
export const ROOT_NAME = 'admin';

export interface KeyHolder extends Pick<Principal, 'name' | 'role'> {
  /** Null for ADMIN_API_KEY. */
  readonly keyId: string | null;
}

/** Named keys: made, listed, revoked, recognised. */
@Injectable()
export class ApiKeys {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {}

  /** @returns whose key it is; nothing for one that is unknown or revoked. */
  async recognise(key: string): Promise<KeyHolder | undefined> {
    if (this.isRootKey(key)) return { name: ROOT_NAME, role: 'admin', keyId: null };
    if (!key.startsWith(PREFIX)) return undefined;
    const [row] = await this.database.query<{ id: string; name: string; role: Role; stale: boolean }>(
      `SELECT id, name, role, last_used_at IS NULL OR last_used_at < $2 AS stale
       FROM api_keys WHERE key_hash = $1 AND revoked_at IS NULL`,
      [hashSecret(key), secondsAfter(this.clock.now(), -60)],
    );
    if (row === undefined) return undefined;
    if (row.stale) {
      await this.database.query('UPDATE api_keys SET last_used_at = $2 WHERE id = $1', [
        row.id,
        this.clock.now(),
      ]);
    }
    return { name: row.name, role: row.role, keyId: row.id };
  }

  /** @returns the key in clear, for the only time. @throws BrokerError `key.name-taken` */
  async create(name: string, role: Role, createdBy: string): Promise<{ key: string; apiKey: ApiKey }> {
    const taken = new BrokerError('conflict', 'key.name-taken', `There is a key named "${name}" already.`);
    if (name === ROOT_NAME) throw taken;
    const key = PREFIX + newSecret();
    const id = newId();
    const [created] = await this.database.query<{ id: string }>(
      `INSERT INTO api_keys (id, name, role, key_hash, created_at, created_by) VALUES ($1, $2, $3, $4, $5, $6)
       ON CONFLICT (name) WHERE revoked_at IS NULL DO NOTHING RETURNING id`,
      [id, name, role, hashSecret(key), this.clock.now(), createdBy],
    );
    if (created === undefined) throw taken;
    return { key, apiKey: await this.get(id) };
  }

  /** Those that are not revoked, by name. */
  async list(): Promise<ApiKey[]> {
    const keys = await this.database.repository(ApiKey);
    return keys.find({ where: { revokedAt: IsNull() }, order: { name: 'ASC' } });
  }

  /** From this moment the key opens nothing. @throws BrokerError `key.unknown` */
  async revoke(id: string): Promise<void> {
    if (!isId(id)) throw unknownKey();
    const [revoked] = await this.database.query<{ id: string }>(
      'UPDATE api_keys SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL RETURNING id',
      [id, this.clock.now()],
    );
    if (revoked === undefined) throw unknownKey();
  }

  private async get(id: string): Promise<ApiKey> {
    const keys = await this.database.repository(ApiKey);
    const key = await keys.findOneBy({ id });
    if (key === null) throw unknownKey();
    return key;
  }

  /** Compared by digest, in a time that tells neither how much was right nor how long the key is. */
  private isRootKey(key: string): boolean {
    const root = this.settings.ADMIN_API_KEY;
    return root !== undefined && timingSafeEqual(Buffer.from(hashSecret(key)), Buffer.from(hashSecret(root)));
  }
}

const unknownKey = (): BrokerError => new BrokerError('not-found', 'key.unknown', 'There is no such key.');
