import { Type } from 'class-transformer';
import {
  ArrayNotEmpty,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

import type { Node } from './sms-template.ts';

/** What the value at `success.path` means when it is not the one of success. */
export const CODE_MEANINGS = ['accepted', 'retry', 'refused', 'ambiguous'] as const;
export type CodeMeaning = (typeof CODE_MEANINGS)[number];

/** How a provider proves that a report is its own; `key` is a secret in the address it calls. */
export const REPORT_PROOFS = ['twilio', 'seven', 'vonage', 'messagebird', 'key'] as const;
export type ReportProof = (typeof REPORT_PROOFS)[number];

const OneOf = (words: readonly string[]): PropertyDecorator =>
  IsIn(words, { message: `must be one of ${words.join(', ')}` });
const PATH = /^[\w-]+(?:\[\d+\]|\.[\w-]+)*$/;
const IsPath = (): PropertyDecorator =>
  Matches(PATH, { each: true, message: 'must be a path such as messages[0].id' });
const Whole =
  (min: number, max: number): PropertyDecorator =>
  (target, name) => {
    const message = `must be a whole number from ${min} to ${max}`;
    IsInt({ message })(target, name);
    Min(min, { message })(target, name);
    Max(max, { message })(target, name);
  };
const IsStatuses = (): PropertyDecorator => (target, name) => {
  IsInt({ each: true, message: 'must be HTTP status codes' })(target, name);
  Min(100, { each: true, message: 'must be HTTP status codes' })(target, name);
  Max(599, { each: true, message: 'must be HTTP status codes' })(target, name);
};

/** How the provider knows who is calling. Username and secret are templates. */
export class SmsAuth {
  @OneOf(['none', 'bearer', 'basic', 'header', 'query'])
  type!: 'none' | 'bearer' | 'basic' | 'header' | 'query';

  /** Of the header or the parameter. */
  @IsOptional()
  @Matches(/^[\w-]+$/, { message: 'must be the name of a header or a parameter' })
  name?: string;

  @IsString({ message: 'must be a text' }) username = '{{account}}';
  @IsString({ message: 'must be a text' }) secret = '{{secret}}';
}

/** What an accepted message is answered with. */
export class SmsSuccess {
  @ArrayNotEmpty({ message: 'must name at least one HTTP status' })
  @IsStatuses()
  status!: number[];

  /** Where in the answer it says so; without `equals`, it is enough that something is there. */
  @IsOptional() @IsPath() path?: string;
  @IsOptional() @IsString({ message: 'must be a text; write it in quotes' }) equals?: string;
}

/** How to read a report of delivery: JSON, a form, or the query of a GET. */
export class SmsReport {
  @IsPath() idPath!: string;
  @IsPath() statusPath!: string;
  /** Where our own `{{ref}}` is repeated. */
  @IsOptional() @IsPath() refPath?: string;
  /** Code of the failure. */
  @IsOptional() @IsPath() reasonPath?: string;
  /** Every other status is one in between, and of no consequence. */
  @IsObject({ message: 'must be an object' }) map!: Record<string, 'delivered' | 'failed'>;
  @OneOf(REPORT_PROOFS) signature: ReportProof = 'key';
}

/** One provider of SMS, as data. Every text in `url`, `headers`, `body` and `auth` is a template. */
export class SmsConnector {
  @Matches(/^https?:\/\/[^\s/]+(\/\S*)?$/, { message: 'must be an absolute http or https URL' })
  url!: string;

  @OneOf(['GET', 'POST']) method: 'GET' | 'POST' = 'POST';

  @ValidateNested()
  @Type(() => SmsAuth)
  @IsObject({ message: 'must be an object' })
  auth!: SmsAuth;

  @IsObject({ message: 'must be an object' }) headers: Record<string, string> = {};
  @OneOf(['json', 'form', 'query']) bodyFormat: 'json' | 'form' | 'query' = 'json';
  @IsObject({ message: 'must be an object' }) body!: Record<string, Node>;

  /** `+49…`, `49…` or `0049…`; unset: as it was typed. */
  @IsOptional() @OneOf(['e164', 'digits', '00']) numberFormat?: 'e164' | 'digits' | '00';

  @ValidateNested()
  @Type(() => SmsSuccess)
  @IsObject({ message: 'must be an object' })
  success!: SmsSuccess;

  @IsObject({ message: 'must be an object' }) codes: Record<string, CodeMeaning> = {};
  /** Where the message's id may be, the likeliest place first. */
  @IsPath() messageIdPath: string[] = [];
  /** Where the provider's own words or codes about a refusal may be. */
  @IsPath() errorPath: string[] = [];
  @IsStatuses() retryStatuses: number[] = [408, 425, 429, 500, 502, 503, 504];
  @Whole(500, 30_000) timeoutMs = 8000;
  @Whole(1, 10) maxSegments = 2;
  /** Writes what is not in the GSM alphabet with letters that are. */
  @IsBoolean({ message: 'must be true or false' }) transliterate = true;

  @IsOptional()
  @Matches(/^[\w-]+$/, { message: 'must be the name of a header' })
  idempotencyHeader?: string;

  @IsOptional()
  @ValidateNested()
  @Type(() => SmsReport)
  deliveryReport?: SmsReport;
}
