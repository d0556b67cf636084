import { Injectable } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { AddressRanges, BrokerError, cleanLine, clientAddress, logContext, Settings } from '#platform';

import { ALARM_STATUSES, SEVERITIES, type AlarmStatus, type Severity } from '../alarm.entity.ts';
import { Intake } from '../intake.ts';
import type { Source } from '../new-alarms.ts';

/** Below these addresses nobody looks at a body: what a button sends along must not stand in its way. */
export const KEY_DOORS = ['/v1/yealink/', '/v1/trigger/'];

/** What a device may add about itself; kept with the alarm when it says anything. */
const FACTS = ['mac', 'model', 'ip', 'firmware'] as const;
const MAX_WORD = 200;
/** The longest address a phone can be configured with. */
const MAX_TOKEN = 512;

/** Answer to a press. */
export class PressDocument {
  @ApiProperty({ type: Boolean, example: true })
  ok!: true;

  @ApiProperty({ format: 'uuid', example: '01a20a4c-ea88-7c34-9b49-f2058dc1c76e' })
  alarm_id!: string;

  @ApiProperty({ enum: ALARM_STATUSES, example: 'triggered' })
  status!: AlarmStatus;
}

/** Says nothing of an alarm and makes no sound: whoever stands beside the phone may see it. */
const SCREEN =
  '<?xml version="1.0" encoding="UTF-8"?>\n' +
  '<YealinkIPPhoneTextScreen Beep="no" Timeout="3" LockIn="no"><Title>Info</Title><Text>OK</Text>' +
  '</YealinkIPPhoneTextScreen>\n';

/** How a device may wish to be answered (`?format=`), apart from JSON. */
const PLAIN_ANSWERS: ReadonlyMap<string | undefined, { readonly type: string; readonly text: string }> =
  new Map([
    ['text', { type: 'text/plain', text: 'OK' }],
    ['none', { type: 'text/plain', text: '' }],
    ['xml', { type: 'text/xml', text: SCREEN }],
    ['yealink-xml', { type: 'text/xml', text: SCREEN }],
  ]);

export const ANSWER_FORMATS = ['json', 'text', 'none', 'xml', 'yealink-xml'] as const;

/** A press as it comes in by one of the doors of the keys. */
export interface KeyPress {
  readonly source: Source;
  readonly deviceToken: unknown;
  /** What to say when there is no token. */
  readonly missing: string;
  readonly severity?: Severity | undefined;
  readonly silent?: boolean | undefined;
}

/**
 * What all doors have in common whose visitors can do no more than call an address: a phone's key, a button, curl.
 * Whatever they add, or fail to fill in (`$mac`), never stands in the way of the alarm.
 */
@Injectable()
export class KeyDoor {
  private readonly allowed: AddressRanges;
  private readonly trustedProxies: AddressRanges;

  constructor(
    settings: Settings,
    private readonly intake: Intake,
  ) {
    this.allowed = new AddressRanges(settings.YELK_IP_ALLOWLIST);
    this.trustedProxies = new AddressRanges(settings.TRUSTED_PROXY_CIDRS);
  }

  /** @returns the address of the caller. @throws BrokerError `address.forbidden` where devices may not call from. */
  admit(request: Request): string {
    const address = this.addressOf(request);
    if (this.allowed.isEmpty || this.allowed.contains(address)) return address;
    throw new BrokerError('forbidden', 'address.forbidden', 'Alarms are not accepted from this address.');
  }

  addressOf(request: Request): string {
    return clientAddress(request, this.trustedProxies);
  }

  /** @returns the answer in the form the device wants. @throws BrokerError for a press that is turned away. */
  async press(request: Request, response: Response, press: KeyPress): Promise<PressDocument | string> {
    response.setHeader('Cache-Control', 'no-store');
    const address = this.admit(request);
    const deviceToken = word(press.deviceToken, MAX_TOKEN);
    if (deviceToken === undefined) throw new BrokerError('malformed', 'token.missing', press.missing);
    const facts = Object.fromEntries(
      FACTS.flatMap((name) => {
        const value = word(request.query[name]);
        return value === undefined ? [] : [[name, value]];
      }),
    );
    const triggered = await this.intake.trigger({
      deviceToken,
      source: press.source,
      event: word(request.query['event']) ?? 'alarm.trigger',
      severity: press.severity ?? 'P0',
      silent: press.silent ?? true,
      clientIp: address,
      userAgent: word(request.header('user-agent')) ?? null,
      facts,
      requestId: logContext().requestId ?? '',
    });
    const plain = PLAIN_ANSWERS.get(word(request.query['format'])?.toLowerCase());
    if (plain === undefined) return { ok: true, alarm_id: triggered.alarmId, status: triggered.status };
    response.type(plain.type);
    return plain.text;
  }
}

/** The severity a device names, if it is one. */
export const severityIn = (value: unknown): Severity | undefined =>
  SEVERITIES.find((severity) => severity === word(value)?.toUpperCase());

/** Yes or no as devices write it, if it is either. */
export function flagIn(value: unknown): boolean | undefined {
  const flag = word(value)?.toLowerCase();
  if (flag === 'true' || flag === '1') return true;
  return flag === 'false' || flag === '0' ? false : undefined;
}

/** One short printable value; the last one when it was given several times; nothing for `$mac` and the like. */
export function word(value: unknown, maxLength = MAX_WORD): string | undefined {
  const text: unknown = Array.isArray(value) ? value.at(-1) : value;
  if (typeof text !== 'string') return undefined;
  const clean = cleanLine(text, maxLength);
  return clean === '' || /^\$\w+$/.test(clean) ? undefined : clean;
}
