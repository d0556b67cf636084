import { Controller, HttpCode, Param, Post, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation } from '@nestjs/swagger';
import type { Response } from 'express';

import { Requires } from '#access';
import { DeviceRegister, type DeviceRow } from '#directory';
import { Conditional, ETAG_HEADER, Precondition, Problems, SentPrecondition } from '#platform';

import { DeviceBody } from './bodies.dto.ts';
import { DeviceDocument, DeviceTokenDocument } from './documents.ts';
import { RecordPath } from './list.dto.ts';
import { RegisterController, shown, type Written } from './register-controller.ts';

/** Devices. A token is shown once, in the answer that made it the device's own. */
@Controller('v1/admin/devices')
export class DevicesController extends RegisterController<DeviceRow, DeviceBody>({
  one: 'Device',
  many: 'Devices',
  body: DeviceBody,
  document: DeviceDocument,
  createdDocument: DeviceTokenDocument,
  conflicts: 'put',
}) {
  constructor(private readonly devices: DeviceRegister) {
    super(devices);
  }

  @Post(':id/rotate-token')
  @Requires('admin')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'rotateDeviceToken',
    summary: 'Give a device a new token',
    description: 'From this moment the old token raises no alarm.',
  })
  @Conditional()
  @ApiOkResponse({ type: DeviceTokenDocument, headers: ETAG_HEADER })
  @Problems(404, 422)
  async rotateToken(
    @Param() { id }: RecordPath,
    @SentPrecondition() condition: Precondition,
    @Res({ passthrough: true }) response: Response,
  ): Promise<object> {
    const { row, token } = await this.devices.rotateToken(id, condition);
    response.setHeader('ETag', this.devices.tagOf(row));
    return { ...shown(row), device_token: token };
  }

  protected override async write(
    id: string,
    { device_token, ...record }: DeviceBody,
    condition: Precondition,
  ): Promise<Written<DeviceRow>> {
    const { row, created, token } = await this.devices.describe(id, record, device_token, condition);
    return { row, created, ...(token === undefined ? {} : { once: { device_token: token } }) };
  }
}
