import {
  applyDecorators,
  Controller,
  Get,
  Head,
  Header,
  HttpCode,
  Inject,
  Logger,
  Param,
  Post,
  Req,
  type RawBodyRequest,
} from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiExcludeEndpoint,
  ApiOkResponse,
  ApiOperation,
  ApiParam,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import type { Request } from 'express';

import { BrokerError, Problems, Settings } from '#platform';

import { isProven } from '../channels/sms/report-proof.ts';
import type { SmsProvider } from '../channels/sms/sms-provider.ts';
import { readReport } from '../channels/sms/sms-report.ts';
import { DeliveryReports } from './delivery-reports.ts';

export const SMS_PROVIDER = Symbol('provider of SMS');

const DocumentsReport = (operationId: string, summary: string): MethodDecorator =>
  applyDecorators(
    ApiOperation({
      operationId,
      summary,
      // The provider signs, or has a key in the address.
      security: [],
      description:
        'Takes what the provider reports about a message it has accepted, in its own format. A report may come ' +
        'more than once and in any order, and before the broker knows that the message was sent.',
    }),
    ApiParam({
      name: 'preset',
      schema: { type: 'string', example: 'sinch' },
      description:
        'The provider in use: SMS_PRESET, or `custom` where a file describes one without a preset.',
    }),
    ApiQuery({
      name: 'key',
      required: false,
      schema: { type: 'string', example: 'k7-of-the-callback' },
      description: 'SMS_CALLBACK_SECRET, where the provider does not sign what it sends.',
    }),
    ApiOkResponse({
      description: 'It is kept, or it says nothing that is worth keeping.',
      content: { 'text/plain': { schema: { type: 'string', example: 'OK' } } },
    }),
    Header('Content-Type', 'text/plain; charset=utf-8'),
    Problems(403, 404),
  );

/** Where the provider of SMS reports what became of a message. */
@ApiTags('Doors')
@Controller('v1/callbacks/sms')
export class SmsCallbackController {
  private readonly logger = new Logger('SmsCallback');
  private hasWarned = false;

  constructor(
    @Inject(SMS_PROVIDER) private readonly provider: SmsProvider | null,
    private readonly settings: Settings,
    private readonly reports: DeliveryReports,
  ) {}

  /** Without this, Express would answer HEAD by doing what GET does. */
  @Head(':preset')
  @HttpCode(405)
  @Header('Allow', 'GET, POST')
  @ApiExcludeEndpoint()
  look(): void {
    return undefined;
  }

  @Post(':preset')
  @HttpCode(200)
  @DocumentsReport('reportDelivery', 'What became of an SMS')
  @ApiConsumes('application/json', 'application/x-www-form-urlencoded')
  @ApiBody({
    required: false,
    description: 'As the provider words it.',
    schema: {
      type: 'object',
      additionalProperties: true,
      example: { MessageSid: 'SM0123456789abcdef0123456789abcdef', MessageStatus: 'delivered' },
    },
  })
  post(@Param('preset') preset: string, @Req() request: RawBodyRequest<Request>): Promise<string> {
    return this.take(preset, request, request.body);
  }

  @Get(':preset')
  @DocumentsReport('reportDeliveryByAddress', 'What became of an SMS, for providers that send no body')
  get(@Param('preset') preset: string, @Req() request: RawBodyRequest<Request>): Promise<string> {
    return this.take(preset, request, request.query);
  }

  private async take(preset: string, request: RawBodyRequest<Request>, document: unknown): Promise<string> {
    const format = this.provider?.connector.deliveryReport;
    if (this.provider?.name !== preset || format === undefined) {
      throw new BrokerError('not-found', 'callback.unknown', 'No such provider reports here.');
    }
    const secret = this.provider.callbackSecret;
    const isGenuine =
      secret !== undefined &&
      isProven(
        format.signature,
        {
          method: request.method,
          publicUrl: `${this.settings.BASE_URL.replace(/\/+$/, '')}${request.originalUrl}`,
          header: (name) => request.header(name),
          rawBody: request.rawBody ?? Buffer.alloc(0),
          key: request.query['key'],
        },
        secret,
      );
    if (!isGenuine) throw this.refusal(secret === undefined);
    const report = readReport(document, format);
    if (report !== undefined) await this.reports.apply(report);
    return 'OK';
  }

  /** Said aloud once: an operator has to know, and whoever tries doors could fill the log. */
  private refusal(isSecretMissing: boolean): BrokerError {
    const words = isSecretMissing
      ? 'SMS_CALLBACK_SECRET is not set, so no report can be believed.'
      : 'The signature or key of the report is wrong.';
    if (!this.hasWarned) this.logger.warn({ reason: words }, 'a delivery report was refused');
    this.hasWarned = true;
    return new BrokerError('forbidden', 'callback.refused', words);
  }
}
