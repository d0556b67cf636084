import { Controller, Get, UseGuards } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';

import { AccessGuard, Requires } from '#access';

import { HealthDetails, HealthDetailsDocument } from './health-details.ts';

/** For people and monitoring that have a key; probes need none. */
@ApiTags('Health')
@Controller('healthz/details')
@UseGuards(AccessGuard)
@Requires('admin')
export class HealthDetailsController {
  constructor(private readonly details: HealthDetails) {}

  @Get()
  @ApiOperation({ operationId: 'healthDetails', summary: 'What an operator asks first' })
  @ApiOkResponse({ type: HealthDetailsDocument })
  read(): Promise<HealthDetailsDocument> {
    return this.details.read();
  }
}
