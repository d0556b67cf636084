import { ApiProperty } from '@nestjs/swagger';

/** That it is done. */
export class SavedDocument {
  @ApiProperty({ type: String, enum: ['true'], example: 'true' })
  ok!: 'true';
}

/** Answer of `POST /v1/admin/devices`. */
export class DeviceSavedDocument extends SavedDocument {
  @ApiProperty({ example: 'ylk-north-lib' })
  device_id!: string;
}

/** Answer of `POST /v1/admin/escalation-policy`. */
export class PolicySavedDocument extends SavedDocument {
  @ApiProperty({ example: 'default' })
  policy_id!: string;
}
