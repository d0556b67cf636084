import { Body, Controller, Post, Req, Res, UseGuards } from '@nestjs/common';
import {
  ApiBody,
  ApiCreatedResponse,
  ApiHeader,
  ApiOkResponse,
  ApiOperation,
  ApiSecurity,
  ApiTags,
} from '@nestjs/swagger';
import type { Request, Response } from 'express';

import { callerOf, Requires, type Principal } from '#access';
import {
  BrokerError,
  entityTag,
  hashSecret,
  Idempotency,
  idempotencyKey,
  invalid,
  logContext,
  Problems,
  type Violation,
} from '#platform';

import { Alarms } from '../alarms.ts';
import { Intake } from '../intake.ts';
import type { Alongside } from '../presses.ts';
import type { AlarmRequest } from '../new-alarms.ts';
import { AlarmDocument, alarmResponse } from './alarm.response.ts';
import { KeyDoor, word } from './key-door.ts';
import { deviceToken, KeyOrDeviceGuard } from './key-or-device.guard.ts';
import { RaiseBody } from './raise.dto.ts';

/** Who raises an alarm: somebody with a key, or a device by its own token. */
type Raiser =
  { readonly by: 'key'; readonly caller: Principal } | { readonly by: 'device'; readonly token: string };

const header = (description: string, example: string, required = true) => ({
  description,
  required,
  schema: { type: 'string' as const, example },
});
const HEADERS = {
  Location: header('Where the alarm is.', '/v1/alarms/01a20a4c-ea88-7c34-9b49-f2058dc1c76e'),
  ETag: header('Its version.', '"1"'),
  'Idempotency-Replayed': header(
    '`true` when this is the answer to an earlier request with the same key.',
    'true',
    false,
  ),
};

/** The door for programs. */
@ApiTags('Doors')
@Controller('v1/alarms')
export class RaiseController {
  constructor(
    private readonly alarms: Alarms,
    private readonly intake: Intake,
    private readonly door: KeyDoor,
    private readonly idempotency: Idempotency,
  ) {}

  @Post()
  @UseGuards(KeyOrDeviceGuard)
  @Requires('responder')
  @ApiSecurity('device')
  @ApiOperation({
    operationId: 'raiseAlarm',
    summary: 'Raise an alarm',
    description:
      'For a device, named by its token in the body or as Bearer, this is a press of its key: presses within ten ' +
      'seconds are one alarm, and new ones are limited. For a person or a room, every call is an alarm of its own ' +
      'unless it repeats an Idempotency-Key. A refusal frees the key; an answer is kept for 24 hours.',
  })
  @ApiHeader({
    name: 'Idempotency-Key',
    required: false,
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: 257,
      example: '"8e03978e-40d5-43dd-bc93-6894a57f9324"',
    },
    description: 'Makes the request safe to repeat (draft-ietf-httpapi-idempotency-key-header).',
  })
  @ApiBody({ type: RaiseBody, required: false, description: 'A device that speaks for itself needs none.' })
  @ApiCreatedResponse({ type: AlarmDocument, headers: HEADERS, description: 'A new alarm.' })
  @ApiOkResponse({
    type: AlarmDocument,
    headers: HEADERS,
    description: 'Another press of an alarm that is under way.',
  })
  @Problems(400, 404, 409, 413, 415, 422)
  async raise(
    @Body() body: RaiseBody,
    @Req() request: Request,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const raiser = raiserOf(request);
    const contradicting = contradictions(body, raiser);
    if (contradicting.length > 0) throw invalid(contradicting);
    const alarm = this.describe(body, request, raiser);
    const reader = raiser.by === 'key' ? raiser.caller : ({ role: 'viewer' } as const);

    const answer = await this.idempotency.once(
      {
        caller: raiser.by === 'key' ? `key ${raiser.caller.name}` : `device ${hashSecret(raiser.token)}`,
        key: idempotencyKey(request.header('idempotency-key')),
        request: { operation: 'POST /v1/alarms', body },
      },
      (keep) =>
        this.bring(body, raiser, alarm, async (tx, alarmId, isNew) => {
          const raised = await this.alarms.within(tx, alarmId);
          await keep(tx, {
            status: isNew ? 201 : 200,
            headers: { Location: `/v1/alarms/${alarmId}`, ETag: entityTag(raised.version) },
            body: alarmResponse(raised, reader),
          });
        }),
    );

    response.status(answer.status).set(answer.headers);
    if (answer.replayed) response.set('Idempotency-Replayed', 'true');
    return answer.body;
  }

  private async bring(
    body: RaiseBody,
    raiser: Raiser,
    alarm: AlarmRequest,
    alongside: Alongside,
  ): Promise<void> {
    const token = raiser.by === 'device' ? raiser.token : body.device_token;
    if (token == null) {
      const place = { personId: body.person_id ?? null, roomId: body.room_id ?? null, siteId: null };
      await this.intake.raise({ ...alarm, place, unknownPlaces: 'refuse' }, alongside);
      return;
    }
    try {
      await this.intake.trigger({ ...alarm, deviceToken: token }, alongside);
    } catch (error) {
      const isStranger = error instanceof BrokerError && error.code === 'device.unknown';
      // A token that nobody has is, for its bearer, a wrong credential.
      if (raiser.by === 'device' && isStranger) {
        throw new BrokerError('unauthorized', error.code, error.message);
      }
      throw error;
    }
  }

  private describe(body: RaiseBody, request: Request, raiser: Raiser): AlarmRequest {
    return {
      source: 'api',
      event: body.event ?? 'alarm.trigger',
      severity: body.severity ?? 'P0',
      silent: body.silent ?? true,
      clientIp: raiser.by === 'key' ? this.door.addressOf(request) : this.door.admit(request),
      userAgent: word(request.header('user-agent')) ?? null,
      facts: body.meta ?? {},
      requestId: logContext().requestId ?? '',
      actor: raiser.by === 'key' ? raiser.caller.name : undefined,
    };
  }
}

function raiserOf(request: Request): Raiser {
  const caller = callerOf(request);
  if (caller !== undefined) return { by: 'key', caller };
  const token = deviceToken(request);
  if (token === undefined) throw new Error('An alarm without a raiser came past the guard.');
  return { by: 'device', token };
}

/** Whose alarm it is must be said, and said once. */
function contradictions(body: RaiseBody, raiser: Raiser): Violation[] {
  const places = (['person_id', 'room_id'] as const).filter((field) => body[field] != null);
  const notWithDevice = places.map((field) => ({
    pointer: `/${field}`,
    detail: 'must be left out: a device has its own',
  }));
  if (raiser.by === 'device') {
    const doubled = body.device_token != null && body.device_token !== raiser.token;
    return [
      ...(doubled ? [{ pointer: '/device_token', detail: 'is not the token in Authorization' }] : []),
      ...notWithDevice,
    ];
  }
  if (body.device_token != null) return notWithDevice;
  return places.length > 0
    ? []
    : [{ pointer: '/device_token', detail: 'must be given, unless person_id or room_id is' }];
}
