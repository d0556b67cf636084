import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import { IsArray, IsObject, IsOptional, IsString, Length, ValidateNested } from 'class-validator';

import type { DeviceData, PersonData, RoomData, SiteData } from '#directory';
import type { PolicyHead, StepData, TargetData } from '#escalation';

import {
  MAX_ID,
  MAX_TEXT,
  NoLists,
  OptionalName,
  OptionalText,
  RepeatAfterSeconds,
  RepeatCount,
  Text,
} from './fields.ts';
import { PersonBody, PolicyStep, RoomBody, SiteBody, TargetBody } from './master-data/bodies.dto.ts';

const Id = (example: string): PropertyDecorator => Text(MAX_ID, { example });

export class SeedSite extends SiteBody implements SiteData {
  @Id('uni-north') id!: string;
}

export class SeedRoom extends RoomBody implements RoomData {
  @Id('north-library') id!: string;
}

export class SeedPerson extends PersonBody implements PersonData {
  @Id('campus-ops') id!: string;
}

/** A device; also the body of `POST /v1/admin/devices`. What is left out stays as it is. */
export class SeedDevice implements DeviceData {
  @OptionalName({ example: 'ylk-north-lib' }) id?: string;
  @OptionalName({ example: 'yealink' }) vendor?: string;
  @OptionalText(MAX_ID, { example: 'T54W' }) model_family?: string | null;
  @OptionalText(50, { example: '0015651A2B3C' }) mac?: string | null;
  @OptionalText(50, { example: '2002' }) account_ext?: string | null;

  @ApiProperty({ minLength: 8, maxLength: 400, example: 'MU_YLK_NORTH_LIB_2002' })
  @IsString()
  @Length(8, 400, { message: 'must have 8 to 400 characters' })
  device_token!: string;

  @OptionalName({ example: 'campus-ops' }) person_id?: string | null;
  @OptionalName({ example: 'north-library' }) room_id?: string | null;
  @OptionalName({ example: 'night' }) escalation_policy_id?: string | null;
}

export class SeedPolicy implements PolicyHead {
  @Id('default') id!: string;
  @Text(MAX_TEXT, { example: 'Campus' }) name!: string;
  @RepeatCount() repeat_count?: number;
  @RepeatAfterSeconds() repeat_after_seconds?: number;
}

export class SeedTarget extends TargetBody implements TargetData {
  @Id('doorman') id!: string;
}

export class SeedStep extends PolicyStep implements StepData {
  @Id('default') policy_id!: string;
}

const list =
  (type: () => new () => object): PropertyDecorator =>
  (target, key) => {
    ApiProperty({ type: () => [type()], required: false })(target, key);
    IsArray({ message: 'must be a list' })(target, key);
    NoLists()(target, key);
    ValidateNested({ each: true })(target, key);
    Type(type)(target, key);
  };

/** A whole seed file. Every part may be left out. */
export class SeedFile {
  @list(() => SeedSite) sites: SeedSite[] = [];
  @list(() => SeedRoom) rooms: SeedRoom[] = [];
  @list(() => SeedPerson) persons: SeedPerson[] = [];
  @list(() => SeedDevice) devices: SeedDevice[] = [];

  @ApiProperty({ type: () => SeedPolicy, required: false })
  @IsOptional()
  @IsObject({ message: 'must be a mapping' })
  @ValidateNested()
  @Type(() => SeedPolicy)
  escalation_policy?: SeedPolicy;

  /** More of them, for sites, rooms and devices that name one. */
  @list(() => SeedPolicy) escalation_policies: SeedPolicy[] = [];
  @list(() => SeedTarget) escalation_targets: SeedTarget[] = [];
  @list(() => SeedStep) escalation_steps: SeedStep[] = [];
}

/** Body of `POST /v1/admin/escalation-policy`. */
export class PolicyBody {
  @Id('default') policy_id!: string;
  @Text(MAX_TEXT, { example: 'Campus' }) name!: string;
  @RepeatCount() repeat_count?: number;
  @RepeatAfterSeconds() repeat_after_seconds?: number;
  @list(() => SeedTarget) targets: SeedTarget[] = [];
  @list(() => PolicyStep) steps: PolicyStep[] = [];
}
