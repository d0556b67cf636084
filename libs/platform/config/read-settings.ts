import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

import { Settings, type SmsPreset } from './settings.ts';

/** A setting has a value that cannot be used. Names the settings and what they need, never their values. */
export class SettingsError extends Error {
  override readonly name = 'SettingsError';
}

const SETTING_NAMES = Object.freeze(Object.keys(new Settings())) as readonly (keyof Settings)[];

/** The names an operator may set. */
export const settingNames = (): readonly (keyof Settings)[] => SETTING_NAMES;

/**
 * Turns an environment into settings. An empty value counts as unset, so that a compose file may list a
 * variable without deciding it.
 * @throws SettingsError naming every variable that is wrong.
 */
export function readSettings(environment: Readonly<Record<string, unknown>>): Settings {
  const known = Object.fromEntries(
    SETTING_NAMES.filter((name) => environment[name] !== undefined && environment[name] !== '').map(
      (name) => [name, environment[name]],
    ),
  );
  const settings = plainToInstance(Settings, known, { exposeDefaultValues: true });
  const problems = validateSync(settings).map(
    (problem) => `${problem.property} ${Object.values(problem.constraints ?? {})[0] ?? 'is not valid'}`,
  );
  problems.push(...contradictions(settings));
  if (problems.length > 0) throw new SettingsError(`Bad settings: ${problems.join('; ')}.`);
  return Object.freeze(settings);
}

/** What a provider of SMS needs to know; a connector file may need more, or less. */
const SMS_NEEDS: Readonly<Record<SmsPreset, readonly (keyof Settings)[]>> = {
  sendxms: [],
  twilio: ['SMS_ACCOUNT', 'SMS_SECRET', 'SMS_FROM'],
  seven: ['SMS_SECRET'],
  sipgate: ['SMS_ACCOUNT', 'SMS_SECRET', 'SMS_FROM'],
  vonage: ['SMS_ACCOUNT', 'SMS_SECRET', 'SMS_FROM'],
  messagebird: ['SMS_SECRET', 'SMS_FROM'],
  sinch: ['SMS_ACCOUNT', 'SMS_SECRET', 'SMS_FROM'],
  lox24: ['SMS_SECRET', 'SMS_FROM'],
};

function smsContradictions(settings: Settings): string[] {
  const {
    SMS_PRESET: preset,
    SMS_CONNECTOR_FILE: file,
    SENDXMS_ENABLED,
    SENDXMS_BASE_URL,
    SMS_BASE_URL,
  } = settings;
  if (preset === undefined) return [];
  if (preset === 'sendxms') {
    const isSomewhere = SENDXMS_BASE_URL !== undefined || SMS_BASE_URL !== undefined;
    return isSomewhere ? [] : ['SENDXMS_BASE_URL must be set because SMS_PRESET is sendxms'];
  }
  return [
    ...(SENDXMS_ENABLED ? [`SENDXMS_ENABLED must not be true because SMS_PRESET is ${preset}`] : []),
    ...(file === undefined && Object.hasOwn(SMS_NEEDS, preset) ? SMS_NEEDS[preset] : [])
      .filter((name) => settings[name] === undefined)
      .map((name) => `${name} must be set because SMS_PRESET is ${preset}`),
  ];
}

/** A channel that is switched on but cannot work would only be noticed in an emergency. */
function contradictions(settings: Settings): string[] {
  const needs = (flag: keyof Settings, ...required: (keyof Settings)[]): string[] =>
    settings[flag] === true
      ? required
          .filter((name) => settings[name] === undefined)
          .map((name) => `${name} must be set because ${flag} is true`)
      : [];
  const together = (name: keyof Settings, ...required: (keyof Settings)[]): string[] =>
    settings[name] === undefined
      ? []
      : required
          .filter((other) => settings[other] === undefined)
          .map((other) => `${other} must be set because ${name} is set`);
  return [
    ...needs('SENDXMS_ENABLED', 'SENDXMS_BASE_URL'),
    ...smsContradictions(settings),
    ...needs('WEBHOOK_ENABLED', 'WEBHOOK_URL'),
    ...needs('SIGNAL_ENABLED', 'SIGNAL_CLI_ENDPOINT', 'SIGNAL_NUMBER'),
    ...together('ZAMMAD_BASE_URL', 'ZAMMAD_API_TOKEN', 'ZAMMAD_GROUP', 'ZAMMAD_CUSTOMER'),
    ...together('SMTP_URL', 'SMTP_FROM'),
    ...together('WEBHOOK_SECRET_PREVIOUS', 'WEBHOOK_SECRET'),
  ];
}
