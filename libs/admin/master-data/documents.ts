import { ApiProperty, IntersectionType, OmitType } from '@nestjs/swagger';

import {
  DeviceDescription,
  PersonBody,
  PolicyDescription,
  PolicyStep,
  RoomBody,
  SiteBody,
  STEPS_EXAMPLE,
  TargetBody,
} from './bodies.dto.ts';

/** What every kind of master data is shown with. */
class RecordDocument {
  @ApiProperty({ example: 'north', description: 'The name it was given.' })
  id!: string;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-03-02T08:00:00.000Z' })
  created_at!: Date;

  @ApiProperty({ type: String, format: 'date-time', example: '2026-03-02T09:30:00.000Z' })
  updated_at!: Date;
}

export class SiteDocument extends IntersectionType(RecordDocument, SiteBody) {}
export class RoomDocument extends IntersectionType(RecordDocument, RoomBody) {}
export class PersonDocument extends IntersectionType(RecordDocument, PersonBody) {}
export class EscalationTargetDocument extends IntersectionType(RecordDocument, TargetBody) {}

export class EscalationPolicyDocument extends IntersectionType(
  RecordDocument,
  OmitType(PolicyDescription, ['steps']),
) {
  @ApiProperty({ type: () => [PolicyStep], example: STEPS_EXAMPLE })
  steps!: PolicyStep[];
}

/** A device, never with its token. */
export class DeviceDocument extends IntersectionType(RecordDocument, DeviceDescription) {
  @ApiProperty({ type: String, format: 'date-time', nullable: true, example: '2026-03-02T10:15:00.000Z' })
  last_pressed_at!: Date | null;
}

/** A device with a token that nobody has seen yet, and nobody will see again. */
export class DeviceTokenDocument extends DeviceDocument {
  @ApiProperty({ example: 'mXo0c2b1k1wq1T1s0H3m6b0kO1v8Yp1J0g6m1bq5c9I', description: 'Shown this once.' })
  device_token!: string;
}
