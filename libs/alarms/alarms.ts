import { Injectable } from '@nestjs/common';
import { IsNull } from 'typeorm';

import { Database } from '#platform';

import { Alarm, type AlarmStatus, type Severity } from './alarm.entity.ts';
import { unknownAlarm } from './lifecycle.ts';

export interface AlarmFilter {
  readonly status?: AlarmStatus | undefined;
  readonly severity?: Severity | undefined;
  readonly source?: string | undefined;
  readonly personId?: string | undefined;
  readonly roomId?: string | undefined;
  readonly siteId?: string | undefined;
  readonly deviceId?: string | undefined;
  readonly createdAfter?: Date | undefined;
  readonly createdBefore?: Date | undefined;
}

export interface Page {
  readonly limit: number;
  readonly order: 'asc' | 'desc';
  /** Where the previous page ended. */
  readonly after?: { readonly createdAt: Date; readonly id: string } | undefined;
}

const ACK_TOKEN = /^[\w-]{16,128}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Reading alarms. What was deleted is not here; the table keeps it for the audit. */
@Injectable()
export class Alarms {
  constructor(private readonly database: Database) {}

  /** @throws BrokerError `alarm.unknown`, also for something that is no id at all. */
  async get(id: string): Promise<Alarm> {
    const alarms = await this.database.repository(Alarm);
    const alarm = UUID.test(id) ? await alarms.findOneBy({ id, deletedAt: IsNull() }) : null;
    if (alarm === null) throw unknownAlarm();
    return alarm;
  }

  /** Who holds the link may see and acknowledge. @throws BrokerError `alarm.unknown` */
  async byAckToken(ackToken: string): Promise<Alarm> {
    const alarms = await this.database.repository(Alarm);
    const alarm = ACK_TOKEN.test(ackToken) ? await alarms.findOneBy({ ackToken, deletedAt: IsNull() }) : null;
    if (alarm === null) throw unknownAlarm();
    return alarm;
  }

  /** One page by time of the press. */
  async list(filter: AlarmFilter, page: Page): Promise<Alarm[]> {
    const alarms = await this.database.repository(Alarm);
    const query = alarms.createQueryBuilder('a').where('a.deletedAt IS NULL');
    const equal = ['status', 'severity', 'source', 'personId', 'roomId', 'siteId', 'deviceId'] as const;
    for (const field of equal) {
      if (filter[field] !== undefined) query.andWhere(`a.${field} = :${field}`, { [field]: filter[field] });
    }
    if (filter.createdAfter) query.andWhere('a.createdAt > :after', { after: filter.createdAfter });
    if (filter.createdBefore) query.andWhere('a.createdAt < :before', { before: filter.createdBefore });
    if (page.after) {
      const beyond = page.order === 'asc' ? '>' : '<';
      query.andWhere(`(a.createdAt, a.id) ${beyond} (:cursorTime, :cursorId)`, {
        cursorTime: page.after.createdAt,
        cursorId: page.after.id,
      });
    }
    const direction = page.order === 'asc' ? 'ASC' : 'DESC';
    return query.orderBy('a.createdAt', direction).addOrderBy('a.id', direction).limit(page.limit).getMany();
  }
}
