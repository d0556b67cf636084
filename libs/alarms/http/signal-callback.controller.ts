import { timingSafeEqual } from 'node:crypto';

import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiOkResponse, ApiOperation, ApiParam, ApiProperty, ApiTags } from '@nestjs/swagger';

import { BrokerError, hashSecret, Problems, Settings } from '#platform';

import { readEnvelope } from '../signal/envelope.ts';
import { SignalAnswers } from '../signal/signal-answers.ts';

/** Answer to a notification, whatever came of it. */
export class TakenDocument {
  @ApiProperty({ type: Boolean, example: true })
  ok!: true;
}

const EXAMPLE = {
  jsonrpc: '2.0',
  method: 'receive',
  params: {
    account: '+4930111222',
    envelope: {
      sourceNumber: '+491701234567',
      sourceName: 'Eva',
      timestamp: 1772438405000,
      dataMessage: {
        timestamp: 1772438405000,
        reaction: { emoji: '👍', targetSentTimestamp: 1772438400000, isRemove: false },
      },
    },
  },
};

/**
 * The door for answers by Signal. signal-cli-rest-api can sign nothing, so the secret is part of the address. It
 * posts one notification after the other and reads nothing else meanwhile: what is done here must be done soon.
 */
@ApiTags('Callbacks')
@Controller('v1/callbacks/signal')
export class SignalCallbackController {
  constructor(
    private readonly settings: Settings,
    private readonly answers: SignalAnswers,
  ) {}

  @Post(':secret')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'receiveSignal',
    security: [],
    summary: 'What signal-cli-rest-api receives (its RECEIVE_WEBHOOK_URL)',
    description:
      'A 👍 on a message about an alarm, or a reply to it such as "ok" or "komme", acknowledges the alarm; any ' +
      'other reply becomes a note. Receipts are delivery reports. Everything else is taken and ignored.',
  })
  @ApiParam({ name: 'secret', example: 'SIGNAL_CALLBACK_SECRET', description: 'SIGNAL_CALLBACK_SECRET.' })
  @ApiBody({ schema: { type: 'object', additionalProperties: true, example: EXAMPLE } })
  @ApiOkResponse({ type: TakenDocument })
  @Problems(400, 404)
  async take(@Param('secret') secret: string, @Body() body: unknown): Promise<TakenDocument> {
    this.admit(secret);
    const envelope = readEnvelope(body);
    if (envelope !== undefined) await this.answers.take(envelope);
    return { ok: true };
  }

  private admit(secret: string): void {
    const expected = this.settings.SIGNAL_CALLBACK_SECRET;
    if (expected !== undefined && isSame(secret, expected)) return;
    throw new BrokerError('not-found', 'callback.unknown', 'There is no such address.');
  }
}

/** Takes the same time wherever they differ. */
const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(hashSecret(a)), Buffer.from(hashSecret(b)));
