import { applyDecorators } from '@nestjs/common';
import { Transform } from 'class-transformer';
import {
  IsBoolean,
  IsIn,
  IsInt,
  IsNumber,
  IsOptional,
  IsString,
  IsUrl,
  Matches,
  Max,
  Min,
} from 'class-validator';

const SECRET_NAMES = new Set<string>();

/** Names of settings whose value must never be logged, stored in an error or expanded in a seed file. */
export const secretSettingNames = (): ReadonlySet<string> => SECRET_NAMES;

/** Marks a value that must stay inside the process: keys, tokens, URLs that may carry a password. */
export function Secret(): PropertyDecorator {
  return (_target, name) => {
    SECRET_NAMES.add(String(name));
  };
}

/** `true/false`, `1/0`, `yes/no`, `on/off`, in any case. Anything else is an error, never "false". */
export function Flag(): PropertyDecorator {
  const words: Record<string, boolean> = {
    true: true,
    '1': true,
    yes: true,
    on: true,
    false: false,
    '0': false,
    no: false,
    off: false,
  };
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? (words[value.trim().toLowerCase()] ?? value) : value,
    ),
    IsBoolean({ message: 'must be true or false' }),
  );
}

/** A whole number within bounds. */
export function Whole(min: number, max: number): PropertyDecorator {
  const message = `must be a whole number from ${min} to ${max}`;
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^-?\d+$/.test(value.trim()) ? Number(value) : value,
    ),
    IsInt({ message }),
    Min(min, { message }),
    Max(max, { message }),
  );
}

/** A whole number within bounds; unset stays `undefined`. */
export const OptionalWhole = (min: number, max: number): PropertyDecorator =>
  applyDecorators(IsOptional(), Whole(min, max));

/** A number from 0 to 1. */
export function Fraction(): PropertyDecorator {
  const message = 'must be a number from 0 to 1';
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' && /^\d*\.?\d+$/.test(value.trim()) ? Number(value) : value,
    ),
    IsNumber({}, { message }),
    Min(0, { message }),
    Max(1, { message }),
  );
}

/** Free text; unset stays `undefined`. */
export function Text(): PropertyDecorator {
  return applyDecorators(IsOptional(), IsString());
}

/** One of a few words. */
export function OneOf(words: readonly string[]): PropertyDecorator {
  return IsIn(words, { message: `must be one of ${words.join(', ')}` });
}

/** An absolute URL with one of the given schemes; unset stays `undefined`. */
export function Url(...schemes: string[]): PropertyDecorator {
  return applyDecorators(
    IsOptional(),
    schemes.every((scheme) => scheme.startsWith('http'))
      ? IsUrl(
          // Underscores: host names as containers have them, `sms_gateway`.
          { protocols: schemes, require_protocol: true, require_tld: false, allow_underscores: true },
          { message: `must be an absolute ${schemes.join(' or ')} URL` },
        )
      : Matches(new RegExp(`^(${schemes.map((s) => s.replace('+', '\\+')).join('|')})://\\S+$`), {
          message: `must be an absolute URL beginning with ${schemes.map((s) => `${s}://`).join(' or ')}`,
        }),
  );
}

/** A PostgreSQL URL, also in the form that names a Python driver (`postgresql+asyncpg://`). */
export function PostgresUrl(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.replace(/^postgres(?:ql)?\+\w+:\/\//, 'postgresql://') : value,
    ),
    Url('postgres', 'postgresql'),
  );
}

/** A comma- or space-separated list; unset is the empty list. */
export function List(): PropertyDecorator {
  return applyDecorators(
    Transform(({ value }: { value: unknown }) =>
      typeof value === 'string' ? value.split(/[\s,]+/).filter((part) => part !== '') : value,
    ),
    IsString({ each: true }),
  );
}
