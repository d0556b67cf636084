import { ApiProperty } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMinSize,
  IsArray,
  IsIn,
  IsString,
  Length,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

import type { DeviceRecord, PersonData, RoomData, SiteData } from '#directory';
import type { PolicyRecord, PolicyStepData, TargetData } from '#escalation';
import { CHANNEL_KINDS, type ChannelKind } from '#notifications';

import {
  MAX_ID,
  MAX_TEXT,
  NoLists,
  OptionalName,
  OptionalText,
  OptionalTimeZone,
  RepeatAfterSeconds,
  RepeatCount,
  SecondsAfterPress,
  StepNumber,
  Switch,
  Text,
} from '../fields.ts';

const ChosenPolicy = (whose: string): PropertyDecorator =>
  OptionalName({
    example: 'night',
    description: `Whom alarms of this ${whose} tell, unless something nearer to the alarm says otherwise.`,
  });

/** A site without its id. */
export class SiteBody implements Omit<SiteData, 'id'> {
  @Text(MAX_TEXT, { example: 'North Campus' }) name!: string;
  @OptionalTimeZone({ description: 'What clocks show in messages about it; DEFAULT_TIME_ZONE without it.' })
  time_zone?: string | null;
  @ChosenPolicy('site') escalation_policy_id?: string | null;
}

/** A room without its id. */
export class RoomBody implements Omit<RoomData, 'id'> {
  @Text(MAX_ID, { example: 'uni-north' }) site_id!: string;
  @Text(MAX_TEXT, { example: 'Main Library Service Desk' }) label!: string;
  @OptionalText(MAX_TEXT, { example: '1st floor' }) floor?: string | null;
  @OptionalText(5000, { example: 'Second door on the left.' }) notes?: string | null;
  @ChosenPolicy('room') escalation_policy_id?: string | null;
}

/** A person without their id. */
export class PersonBody implements Omit<PersonData, 'id'> {
  @Text(MAX_TEXT, { example: 'Kim Sommer' }) display_name!: string;
  @OptionalText(MAX_TEXT, { example: 'Campus Ops' }) role?: string | null;
  @OptionalText(50, { example: '+4915123456703' }) phone_mobile?: string | null;
  @OptionalText(50, { example: '2002' }) phone_ext?: string | null;
  @Switch('Whether the person still belongs to the house.') active?: boolean;
}

/** A place a device needs before its key can raise an alarm; null must be said, so that nobody forgets it. */
const NeededName =
  (example: string): PropertyDecorator =>
  (target, key) => {
    ValidateIf((_, value) => value !== null)(target, key);
    IsString()(target, key);
    Length(1, MAX_ID)(target, key);
    ApiProperty({
      type: String,
      nullable: true,
      minLength: 1,
      maxLength: MAX_ID,
      example,
      description: 'Without it the key raises no alarm.',
    })(target, key);
  };

/** A device without its id and its token. */
export class DeviceDescription implements DeviceRecord {
  @OptionalName({ example: 'yealink', description: 'yealink unless given.' }) vendor?: string | null;
  @OptionalText(MAX_ID, { example: 'T54W' }) model_family?: string | null;
  @OptionalText(50, { example: '0015651A2B3C' }) mac?: string | null;
  @OptionalText(50, { example: '2002' }) account_ext?: string | null;
  @NeededName('campus-ops') person_id!: string | null;
  @NeededName('north-library') room_id!: string | null;
  @ChosenPolicy('device') escalation_policy_id?: string | null;
  @Switch('A key that is switched off is answered 409 and raises no alarm.') enabled?: boolean | null;
}

/** Body of `PUT /v1/admin/devices/{id}`. */
export class DeviceBody extends DeviceDescription {
  @ApiProperty({
    required: false,
    minLength: 8,
    maxLength: 400,
    example: 'a-long-secret-of-your-own',
    description: 'Made here for a new device, and kept by an existing one, unless given.',
  })
  @ValidateIf((_, value) => value !== undefined)
  @IsString()
  @Length(8, 400, { message: 'must have 8 to 400 characters' })
  device_token?: string;
}

/** A target without its id. */
export class TargetBody implements Omit<TargetData, 'id'> {
  @Text(MAX_TEXT, { example: 'Doorman' }) label!: string;

  @ApiProperty({ enum: CHANNEL_KINDS, example: 'sms' })
  @IsIn(CHANNEL_KINDS, { message: `must be one of ${CHANNEL_KINDS.join(', ')}` })
  channel!: ChannelKind;

  @ApiProperty({
    maxLength: 2000,
    example: '+4915123456703',
    description: 'Phone number, group, mail address or URL. Empty: the one in the settings of the channel.',
  })
  @IsString()
  @MaxLength(2000)
  address!: string;

  @Switch('A target that is switched off is left out.') enabled?: boolean;
}

/** A step of a policy that is named elsewhere. */
export class PolicyStep implements PolicyStepData {
  @StepNumber() step_no!: number;
  @SecondsAfterPress() after_seconds!: number;

  @ApiProperty({ type: [String], minItems: 1, uniqueItems: true, example: ['doorman', 'control-room'] })
  @IsArray()
  @ArrayMinSize(1, { message: 'must name at least one target' })
  @IsString({ each: true })
  target_ids!: string[];
}

/** What steps look like. */
export const STEPS_EXAMPLE = [
  { step_no: 0, after_seconds: 0, target_ids: ['doorman'] },
  { step_no: 1, after_seconds: 60, target_ids: ['doorman', 'control-room'] },
];

/** A policy without its id: its targets are described at their own place. */
export class PolicyDescription implements PolicyRecord {
  @Text(MAX_TEXT, { example: 'At night' }) name!: string;
  @RepeatCount() repeat_count?: number;
  @RepeatAfterSeconds() repeat_after_seconds?: number;

  @ApiProperty({ type: () => [PolicyStep], minItems: 1, example: STEPS_EXAMPLE })
  @IsArray({ message: 'must be a list' })
  @ArrayMinSize(1, { message: 'must have at least one step: without any, nobody would be told' })
  @NoLists()
  @ValidateNested({ each: true })
  @Type(() => PolicyStep)
  steps!: PolicyStep[];
}
