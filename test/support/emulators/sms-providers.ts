import type { Answer, Recorded } from '../http-receiver.ts';

/** A provider as it is documented: what it asks for, and its own words when it does not get it. */
export interface EmulatedProvider {
  /** How the broker is set up for it. */
  readonly settings: Readonly<Record<string, string>>;
  /** The id it gives its only message; nothing where it gives none. */
  readonly messageId?: string;
  answer(request: Recorded): Answer;
}

/** To this number everybody refuses to send. */
export const BAD_NUMBER = '+49000';

const SECRET = 'the-secret-of-the-account';
const E164 = /^\+[1-9]\d{6,14}$/;
const DIGITS = /^[1-9]\d{6,14}$/;

const basic = (user: string, password = SECRET): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const fields = ({ json }: Recorded): Record<string, unknown> =>
  typeof json === 'object' && json !== null ? (json as Record<string, unknown>) : {};
const form = ({ body }: Recorded): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(body.toString()));
const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
const unknownCall: Answer = { status: 404, body: { message: 'no such call' } };

/** What each provider's documentation says it takes and answers. */
export const SMS_PROVIDERS: Readonly<Record<string, EmulatedProvider>> = {
  twilio: {
    settings: { SMS_ACCOUNT: 'AC0123456789abcdef', SMS_SECRET: SECRET, SMS_FROM: '+15005550006' },
    messageId: 'SM0123456789abcdef0123456789abcdef',
    answer(request) {
      const { method, url, headers } = request;
      const error = (status: number, code: number, message: string): Answer => ({
        status,
        body: { code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status },
      });
      if (method !== 'POST' || url !== '/2010-04-01/Accounts/AC0123456789abcdef/Messages.json') {
        return error(404, 20404, 'The requested resource was not found');
      }
      if (headers.authorization !== basic('AC0123456789abcdef')) return error(401, 20003, 'Authenticate');
      const { To, From, Body, StatusCallback } = form(request);
      if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded') || !isText(To)) {
        return error(400, 21604, "A 'To' phone number is required.");
      }
      if (!isText(From)) return error(400, 21603, "A 'From' phone number is required.");
      if (!isText(Body)) return error(400, 21602, 'Message body is required.');
      if (!E164.test(To)) return error(400, 21211, `Invalid 'To' Phone Number: ${To}`);
      if (StatusCallback !== undefined && !/^https?:\/\/[a-z0-9.-]+\.[a-z]+\//.test(StatusCallback)) {
        return error(400, 21609, "Invalid 'StatusCallback'");
      }
      return { status: 201, body: { sid: this.messageId, status: 'queued', error_code: null, to: To } };
    },
  },

  seven: {
    settings: { SMS_SECRET: SECRET },
    messageId: '77229135982',
    answer(request) {
      const { method, url, headers } = request;
      if (method !== 'POST' || url !== '/api/sms') return unknownCall;
      if (headers['x-api-key'] !== SECRET) return { status: 200, body: '"900"' };
      const { to, text, from } = fields(request);
      const refused = (success: string, error_text: string): Answer => ({
        status: 200,
        body: { success, balance: 5, messages: [{ id: null, success: false, error: success, error_text }] },
      });
      if (!isText(to)) return refused('301', 'Parameter to not set');
      if (!isText(text)) return refused('305', 'Parameter text not set');
      if (from !== undefined && !(isText(from) && /^([A-Za-z0-9 ]{1,11}|\d{1,16})$/.test(from))) {
        return refused('201', 'Sender invalid');
      }
      if (!/^(\+|00)?[1-9]\d{6,14}$/.test(to)) return refused('202', `Recipient number ${to} is invalid`);
      return {
        status: 200,
        body: {
          success: '100',
          total_price: 0.075,
          messages: [{ id: this.messageId, recipient: to.replace('+', ''), success: true, error: null }],
        },
      };
    },
  },

  sipgate: {
    settings: { SMS_ACCOUNT: 'token-A1B2C3', SMS_SECRET: SECRET, SMS_FROM: 's0' },
    answer(request) {
      const { method, url, headers } = request;
      if (method !== 'POST' || url !== '/v2/sessions/sms') return unknownCall;
      if (headers.authorization !== basic('token-A1B2C3')) return { status: 401, body: '' };
      const { smsId, recipient, message } = fields(request);
      if (!/^s\d+$/.test(String(smsId))) return { status: 403, body: '' };
      if (!isText(message) || !isText(recipient) || !E164.test(recipient)) return { status: 400, body: '' };
      return { status: 204, body: '' };
    },
  },

  vonage: {
    settings: { SMS_ACCOUNT: 'abcd1234', SMS_SECRET: SECRET, SMS_FROM: 'Alarm' },
    messageId: 'aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab',
    answer(request) {
      const { method, url, headers } = request;
      const problem = (status: number, name: string, title: string, detail: string): Answer => ({
        status,
        headers: { 'content-type': 'application/problem+json' },
        body: JSON.stringify({ type: `https://developer.vonage.com/api-errors#${name}`, title, detail }),
      });
      if (method !== 'POST' || url !== '/v1/messages')
        return problem(404, 'not-found', 'Not Found', 'Nothing here');
      if (headers.authorization !== basic('abcd1234')) {
        return problem(401, 'unauthorized', 'Unauthorized', 'You did not provide correct credentials');
      }
      const { message_type, channel, to, from, text } = fields(request);
      if (message_type !== 'text' || channel !== 'sms' || !isText(from) || !isText(text)) {
        return problem(
          422,
          'invalid-params',
          'Invalid params',
          'The value of one or more parameters is invalid.',
        );
      }
      if (!isText(to) || !DIGITS.test(to)) {
        return problem(422, '1120', 'Invalid recipient', `The recipient ${String(to)} is not valid`);
      }
      return { status: 202, body: { message_uuid: this.messageId } };
    },
  },

  messagebird: {
    settings: { SMS_SECRET: SECRET, SMS_FROM: 'Alarm' },
    messageId: 'eef0ab57a9e049be946f3821568c2b2e',
    answer(request) {
      const { method, url, headers } = request;
      const errors = (status: number, code: number, description: string, parameter: string): Answer => ({
        status,
        body: { errors: [{ code, description, parameter }] },
      });
      if (method !== 'POST' || url !== '/messages') return errors(404, 20, 'not found', '');
      if (headers.authorization !== `AccessKey ${SECRET}`) {
        return errors(401, 2, 'Request not allowed (incorrect access_key)', 'access_key');
      }
      const { originator, recipients, body } = fields(request);
      if (!isText(originator)) return errors(422, 9, 'originator is required', 'originator');
      if (!isText(body)) return errors(422, 9, 'body is required', 'body');
      const list: readonly unknown[] = Array.isArray(recipients) ? recipients : [];
      if (list.length === 0 || !list.every((number) => DIGITS.test(String(number)))) {
        return errors(422, 9, 'no (correct) recipients found', 'recipient');
      }
      return { status: 201, body: { id: this.messageId, direction: 'mt', type: 'sms' } };
    },
  },

  sinch: {
    settings: { SMS_ACCOUNT: 'plan0123456789', SMS_SECRET: SECRET, SMS_FROM: '4915112345' },
    messageId: '01FC66621XXXXX119Z8PMV1QPQ',
    answer(request) {
      const { method, url, headers } = request;
      if (method !== 'POST' || url !== '/xms/v1/plan0123456789/batches') return { status: 404, body: '' };
      if (headers.authorization !== `Bearer ${SECRET}`) return { status: 401, body: '' };
      const { from, to, body } = fields(request);
      const refused = (code: string, text: string): Answer => ({ status: 400, body: { code, text } });
      const list: readonly unknown[] = Array.isArray(to) ? to : [];
      if (!isText(from) || !isText(body) || list.length === 0) {
        return refused('syntax_constraint_violation', 'A required field is missing');
      }
      if (!list.every((number) => /^\+?[1-9]\d{6,14}$/.test(String(number)))) {
        return refused('syntax_invalid_parameter_format', `Invalid MSISDN ${String(list[0])}`);
      }
      return { status: 201, body: { id: this.messageId, to: list, from, canceled: false } };
    },
  },

  lox24: {
    settings: { SMS_SECRET: `1234567:${SECRET}`, SMS_FROM: 'Alarm' },
    messageId: 'd6c12ac4-cc7d-11ec-b6da-525400bbb7dc',
    answer(request) {
      const { method, url, headers } = request;
      const problem = (status: number, title: string, detail: string): Answer => ({
        status,
        body: { type: 'https://tools.ietf.org/html/rfc2616#section-10', title, detail },
      });
      if (method !== 'POST' || url !== '/sms') return problem(404, 'An error occurred', 'Not Found');
      if (headers['x-lox24-auth-token'] !== `1234567:${SECRET}`) {
        return problem(401, 'An error occurred', 'Invalid credentials.');
      }
      const { sender_id, phone, text, service_code } = fields(request);
      if (!/^(\+?[1-9]\d{0,14}|[a-zA-Z0-9 ]{1,11})$/.test(String(sender_id)) || !isText(text)) {
        return problem(400, 'An error occurred', 'sender_id: This value is not valid.');
      }
      if (service_code !== 'direct') return problem(400, 'An error occurred', 'service_code: unknown.');
      if (!E164.test(String(phone)))
        return problem(400, 'An error occurred', `phone: ${String(phone)} is invalid.`);
      return { status: 201, body: { uuid: this.messageId, status_code: 0, dlr_code: 0 } };
    },
  },

  sendxms: {
    settings: { SMS_SECRET: SECRET },
    messageId: 'msg-1',
    answer(request) {
      const { method, url, headers } = request;
      if (method !== 'POST' || url !== '/send') return unknownCall;
      if (headers.authorization !== `Bearer ${SECRET}`) return { status: 401, body: { error: 'wrong key' } };
      const { to, message, from } = fields(request);
      if (!isText(message) || !isText(from) || !E164.test(String(to))) {
        return { status: 400, body: { error: `cannot send to ${String(to)}` } };
      }
      return { status: 200, body: { id: this.messageId } };
    },
  },
};
