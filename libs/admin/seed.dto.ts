import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateNested,
} from 'class-validator';

import type { DeviceData, PersonData, RoomData, SiteData } from '#directory';
import type { PolicyHead, StepData, TargetData } from '#escalation';
import { CHANNEL_KINDS, type ChannelKind } from '#notifications';

const MAX_ID = 100;
const MAX_TEXT = 500;
/** Longer than any working day: a step later than that is a slip of the pen. */
const MAX_AFTER_SECONDS = 7 * 86_400;

export class SeedSite implements SiteData {
  @IsString() @Length(1, MAX_ID) id!: string;
  @IsString() @Length(1, MAX_TEXT) name!: string;
}

export class SeedRoom implements RoomData {
  @IsString() @Length(1, MAX_ID) id!: string;
  @IsString() @Length(1, MAX_ID) site_id!: string;
  @IsString() @Length(1, MAX_TEXT) label!: string;
  @IsOptional() @IsString() @MaxLength(MAX_TEXT) floor?: string | null;
  @IsOptional() @IsString() @MaxLength(5000) notes?: string | null;
}

export class SeedPerson implements PersonData {
  @IsString() @Length(1, MAX_ID) id!: string;
  @IsString() @Length(1, MAX_TEXT) display_name!: string;
  @IsOptional() @IsString() @MaxLength(MAX_TEXT) role?: string | null;
  @IsOptional() @IsString() @MaxLength(50) phone_mobile?: string | null;
  @IsOptional() @IsString() @MaxLength(50) phone_ext?: string | null;
  @IsOptional() @IsBoolean() active?: boolean;
}

/** A device; also the body of `POST /v1/admin/devices`. */
export class SeedDevice implements DeviceData {
  @IsOptional() @IsString() @Length(1, MAX_ID) id?: string;
  @IsOptional() @IsString() @Length(1, MAX_ID) vendor?: string;
  @IsOptional() @IsString() @MaxLength(MAX_ID) model_family?: string | null;
  @IsOptional() @IsString() @MaxLength(50) mac?: string | null;
  @IsOptional() @IsString() @MaxLength(50) account_ext?: string | null;
  @IsString() @Length(8, 400, { message: 'must have 8 to 400 characters' }) device_token!: string;
  @IsOptional() @IsString() @Length(1, MAX_ID) person_id?: string | null;
  @IsOptional() @IsString() @Length(1, MAX_ID) room_id?: string | null;
}

export class SeedPolicy implements PolicyHead {
  @IsString() @Length(1, MAX_ID) id!: string;
  @IsString() @Length(1, MAX_TEXT) name!: string;
  @IsOptional() @IsInt() @Min(0) @Max(100) repeat_count?: number;
  @IsOptional() @IsInt() @Min(10) @Max(MAX_AFTER_SECONDS) repeat_after_seconds?: number;
}

export class SeedTarget implements TargetData {
  @IsString() @Length(1, MAX_ID) id!: string;
  @IsString() @Length(1, MAX_TEXT) label!: string;
  @IsIn(CHANNEL_KINDS, { message: `must be one of ${CHANNEL_KINDS.join(', ')}` }) channel!: ChannelKind;
  @IsString() @MaxLength(2000) address!: string;
  @IsOptional() @IsBoolean() enabled?: boolean;
}

/** A step of a policy that is named elsewhere. */
export class PolicyStep {
  @IsInt() @Min(0) @Max(1000) step_no!: number;
  @IsInt() @Min(0) @Max(MAX_AFTER_SECONDS) after_seconds!: number;
  @IsArray()
  @ArrayMinSize(1, { message: 'must name at least one target' })
  @IsString({ each: true })
  target_ids!: string[];
}

export class SeedStep extends PolicyStep implements StepData {
  @IsString() @Length(1, MAX_ID) policy_id!: string;
}

const list =
  (type: () => new () => object): PropertyDecorator =>
  (target, key) => {
    IsArray({ message: 'must be a list' })(target, key);
    ValidateNested({ each: true })(target, key);
    Type(type)(target, key);
  };

/** A whole seed file. Every part may be left out. */
export class SeedFile {
  @list(() => SeedSite) sites: SeedSite[] = [];
  @list(() => SeedRoom) rooms: SeedRoom[] = [];
  @list(() => SeedPerson) persons: SeedPerson[] = [];
  @list(() => SeedDevice) devices: SeedDevice[] = [];
  @IsOptional() @ValidateNested() @Type(() => SeedPolicy) escalation_policy?: SeedPolicy;
  @list(() => SeedTarget) escalation_targets: SeedTarget[] = [];
  @list(() => SeedStep) escalation_steps: SeedStep[] = [];
}

/** Body of `POST /v1/admin/escalation-policy`. */
export class PolicyBody {
  @IsString() @Length(1, MAX_ID) policy_id!: string;
  @IsString() @Length(1, MAX_TEXT) name!: string;
  @IsOptional() @IsInt() @Min(0) @Max(100) repeat_count?: number;
  @IsOptional() @IsInt() @Min(10) @Max(MAX_AFTER_SECONDS) repeat_after_seconds?: number;
  @list(() => SeedTarget) targets: SeedTarget[] = [];
  @list(() => PolicyStep) steps: PolicyStep[] = [];
}
