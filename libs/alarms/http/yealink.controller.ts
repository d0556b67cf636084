import { Controller, Get, Header, Req } from '@nestjs/common';
import type { Request } from 'express';

import { AddressRanges, BrokerError, cleanLine, clientAddress, logContext, Settings } from '#platform';

import type { AlarmStatus } from '../alarm.entity.ts';
import { Intake } from '../intake.ts';

/** What a phone may add about itself; kept with the alarm when it says anything. */
const FACTS = ['mac', 'model', 'ip', 'firmware'] as const;
const MAX_WORD = 200;
/** The longest address a phone can be configured with. */
const MAX_TOKEN = 512;

/**
 * The door of the phones: a key of type URL makes one plain GET. Whatever the phone adds, or fails to fill
 * in (`$mac`), never stands in the way of the alarm.
 */
@Controller('v1/yealink')
export class YealinkController {
  private readonly allowed: AddressRanges;
  private readonly trustedProxies: AddressRanges;

  constructor(
    private readonly settings: Settings,
    private readonly intake: Intake,
  ) {
    this.allowed = new AddressRanges(settings.YELK_IP_ALLOWLIST);
    this.trustedProxies = new AddressRanges(settings.TRUSTED_PROXY_CIDRS);
  }

  @Get('alarm')
  @Header('Cache-Control', 'no-store')
  async alarm(@Req() request: Request): Promise<{ ok: true; alarm_id: string; status: AlarmStatus }> {
    const address = clientAddress(request, this.trustedProxies);
    if (!this.allowed.isEmpty && !this.allowed.contains(address)) {
      throw new BrokerError('forbidden', 'address.forbidden', 'Alarms are not accepted from this address.');
    }
    const deviceToken = word(request.query[this.settings.YELK_TOKEN_QUERY_PARAM], MAX_TOKEN);
    if (deviceToken === undefined) {
      throw new BrokerError(
        'malformed',
        'token.missing',
        `The query parameter "${this.settings.YELK_TOKEN_QUERY_PARAM}" is missing.`,
      );
    }
    const facts = Object.fromEntries(
      FACTS.flatMap((name) => {
        const value = word(request.query[name]);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const triggered = await this.intake.trigger({
      deviceToken,
      source: 'yealink',
      event: word(request.query['event']) ?? 'alarm.trigger',
      severity: 'P0',
      silent: true,
      clientIp: address,
      userAgent: word(request.header('user-agent')) ?? null,
      facts,
      requestId: logContext().requestId ?? '',
    });
    return { ok: true, alarm_id: triggered.alarmId, status: triggered.status };
  }
}

/** One short printable value; the last one when it was given several times; nothing for `$mac` and the like. */
function word(value: unknown, maxLength = MAX_WORD): string | undefined {
  const text: unknown = Array.isArray(value) ? value.at(-1) : value;
  if (typeof text !== 'string') return undefined;
  const clean = cleanLine(text, maxLength);
  return clean === '' || /^\$\w+$/.test(clean) ? undefined : clean;
}
