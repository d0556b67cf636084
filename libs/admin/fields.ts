import { applyDecorators } from '@nestjs/common';
import { ApiProperty } from '@nestjs/swagger';
import {
  IsBoolean,
  IsInt,
  IsOptional,
  IsString,
  isTimeZone,
  Length,
  Max,
  MaxLength,
  Min,
  ValidateBy,
} from 'class-validator';

/** The longest name of a thing: they stand in paths, tickets and seed files. */
export const MAX_ID = 100;
export const MAX_TEXT = 500;
/** Longer than any working day: a step later than that is a slip of the pen. */
const MAX_AFTER_SECONDS = 7 * 86_400;

interface Words {
  readonly example: string;
  readonly description?: string;
}

/** A text that must be there and say something. */
export const Text = (maxLength: number, words: Words): PropertyDecorator =>
  applyDecorators(IsString(), Length(1, maxLength), ApiProperty({ ...words, minLength: 1, maxLength }));

/** A text that may be left out. */
export const OptionalText = (maxLength: number, words: Words): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    IsString(),
    MaxLength(maxLength),
    ApiProperty({ ...words, type: String, required: false, nullable: true, maxLength }),
  );

/** The name of another thing, or none. */
export const OptionalName = (words: Words): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    IsString(),
    Length(1, MAX_ID),
    ApiProperty({ ...words, type: String, required: false, nullable: true, minLength: 1, maxLength: MAX_ID }),
  );

/** The name of a time zone in the IANA database, or none. */
export const OptionalTimeZone = (words: Omit<Words, 'example'>): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    ValidateBy({
      name: 'namedTimeZone',
      validator: {
        // An offset such as +01:00 is a zone, too, but one without summer time: hardly what anybody lives by.
        validate: (value: unknown) =>
          typeof value === 'string' && /^[A-Za-z]/.test(value) && isTimeZone(value),
        defaultMessage: () => 'must be a time zone such as Europe/Berlin',
      },
    }),
    ApiProperty({
      ...words,
      example: 'Europe/Berlin',
      type: String,
      required: false,
      nullable: true,
      maxLength: MAX_ID,
    }),
  );

/** For a list of things: a list in the place of one would otherwise pass as a thing without any field. */
export const NoLists = (): PropertyDecorator =>
  ValidateBy({
    name: 'noLists',
    validator: {
      validate: (items: unknown) => !Array.isArray(items) || !items.some((item) => Array.isArray(item)),
      defaultMessage: () => 'must not contain lists',
    },
  });

/** Yes unless said otherwise. */
export const Switch = (description: string): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    IsBoolean(),
    ApiProperty({
      type: Boolean,
      required: false,
      nullable: true,
      default: true,
      example: true,
      description,
    }),
  );

const whole = (minimum: number, maximum: number): PropertyDecorator =>
  applyDecorators(IsInt(), Min(minimum), Max(maximum));

/** A place in an order. */
export const StepNumber = (): PropertyDecorator =>
  applyDecorators(whole(0, 1000), ApiProperty({ type: 'integer', minimum: 0, maximum: 1000, example: 0 }));

/** A moment, counted from the press. */
export const SecondsAfterPress = (): PropertyDecorator =>
  applyDecorators(
    whole(0, MAX_AFTER_SECONDS),
    ApiProperty({
      type: 'integer',
      minimum: 0,
      maximum: MAX_AFTER_SECONDS,
      example: 60,
      description: 'Counted from the press.',
    }),
  );

/** How often a whole policy is repeated. */
export const RepeatCount = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    whole(0, 100),
    ApiProperty({
      type: 'integer',
      required: false,
      nullable: true,
      minimum: 0,
      maximum: 100,
      default: 0,
      example: 2,
      description: 'How often everything is repeated while nobody answers.',
    }),
  );

/** How long a policy waits before it is repeated. */
export const RepeatAfterSeconds = (): PropertyDecorator =>
  applyDecorators(
    IsOptional(),
    whole(10, MAX_AFTER_SECONDS),
    ApiProperty({
      type: 'integer',
      required: false,
      nullable: true,
      minimum: 10,
      maximum: MAX_AFTER_SECONDS,
      default: 60,
      example: 300,
      description: 'Counted from the last step.',
    }),
  );
