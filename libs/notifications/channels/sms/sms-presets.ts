import type { SmsPreset } from '#platform';

/**
 * Providers as data, read like a connector file. Each says where its facts are from; "unverified" is what no
 * public source was found for. None was tried with an account.
 */
export const PRESETS: Readonly<Record<SmsPreset, object>> = {
  // No public documentation; the fields are those the first broker sent. Reports: unverified.
  sendxms: {
    url: 'https://sendxms.invalid/send',
    auth: { type: 'bearer', secret: '{{secret?}}' },
    headers: { 'x-request-id': '{{request?}}' },
    body: { to: '{{to}}', message: '{{text}}', from: '{{from}}' },
    success: { status: [200, 201, 202, 203, 204, 205, 206] },
    messageIdPath: ['id', 'message_id', 'messageId'],
    errorPath: ['error', 'message'],
    idempotencyHeader: 'idempotency-key',
    deliveryReport: {
      idPath: 'id',
      statusPath: 'status',
      map: {
        delivered: 'delivered',
        failed: 'failed',
        undelivered: 'failed',
        expired: 'failed',
        rejected: 'failed',
      },
    },
  },

  // twilio.com/docs/messaging/api/message-resource, /docs/messaging/guides/track-outbound-message-status,
  // /docs/usage/security (signature).
  twilio: {
    url: 'https://api.twilio.com/2010-04-01/Accounts/{{account}}/Messages.json',
    auth: { type: 'basic' },
    bodyFormat: 'form',
    body: { To: '{{to}}', From: '{{from}}', Body: '{{text}}', StatusCallback: '{{callback?}}' },
    numberFormat: 'e164',
    success: { status: [200, 201], path: 'sid' },
    messageIdPath: ['sid'],
    errorPath: ['message', 'code'],
    deliveryReport: {
      idPath: 'MessageSid',
      statusPath: 'MessageStatus',
      reasonPath: 'ErrorCode',
      map: { delivered: 'delivered', undelivered: 'failed', failed: 'failed' },
      signature: 'twilio',
    },
  },

  // docs.seven.io/en/rest-api/endpoints/sms, /en/rest-api/webhooks; seven.io/en/docs/gateway/http-api/signing-of-requests;
  // fields of a report from seven-io/js-client, codes from its SDKs. Errors come with status 200, some as a bare
  // code. 402 is the reload lock: the same text to the same number a moment ago, so the first one was taken.
  // The address of the report is set in the account, or once by POST /api/hooks.
  seven: {
    url: 'https://gateway.seven.io/api/sms',
    auth: { type: 'header', name: 'X-Api-Key' },
    headers: { accept: 'application/json' },
    body: { to: '{{to}}', text: '{{text}}', from: '{{from?}}', foreign_id: '{{ref}}' },
    numberFormat: 'e164',
    success: { status: [200], path: 'success', equals: '100' },
    codes: { '101': 'retry', '402': 'accepted', '403': 'retry', '600': 'retry', '700': 'ambiguous' },
    messageIdPath: ['messages[0].id'],
    errorPath: ['messages[0].error_text', 'messages[0].error', 'success'],
    deliveryReport: {
      idPath: 'data.msg_id',
      statusPath: 'data.status',
      map: {
        DELIVERED: 'delivered',
        NOTDELIVERED: 'failed',
        FAILED: 'failed',
        REJECTED: 'failed',
        EXPIRED: 'failed',
      },
      signature: 'seven',
    },
  },

  // api.sipgate.com/v2/doc, sipgate-io/sipgateio-sendsms-node. SMS_FROM is the extension (s0). Answers without a
  // body, and there are no reports. The shape of its errors: unverified.
  sipgate: {
    url: 'https://api.sipgate.com/v2/sessions/sms',
    auth: { type: 'basic' },
    headers: { accept: 'application/json' },
    body: { smsId: '{{from}}', recipient: '{{to}}', message: '{{text}}' },
    numberFormat: 'e164',
    success: { status: [200, 204] },
    errorPath: ['message'],
  },

  // developer.vonage.com/en/api/messages, /en/api-errors, /en/getting-started/concepts/webhooks (signature). Signed
  // with the account's signature secret; `webhook_url` overrides the address set in the dashboard.
  vonage: {
    url: 'https://api.nexmo.com/v1/messages',
    auth: { type: 'basic' },
    headers: { accept: 'application/json' },
    body: {
      message_type: 'text',
      channel: 'sms',
      to: '{{to}}',
      from: '{{from}}',
      text: '{{text}}',
      client_ref: '{{ref}}',
      webhook_url: '{{callback?}}',
    },
    numberFormat: 'digits',
    success: { status: [200, 202], path: 'message_uuid' },
    messageIdPath: ['message_uuid'],
    errorPath: ['detail', 'title'],
    deliveryReport: {
      idPath: 'message_uuid',
      refPath: 'client_ref',
      statusPath: 'status',
      reasonPath: 'error.title',
      map: { delivered: 'delivered', read: 'delivered', rejected: 'failed', undeliverable: 'failed' },
      signature: 'vonage',
    },
  },

  // developers.messagebird.com/api/sms-messaging, /docs/verify-http-requests and its SDKs (signature);
  // docs.bird.com/connectivity-platform/troubleshooting (reports: a GET, only for messages with a `reference`).
  messagebird: {
    url: 'https://rest.messagebird.com/messages',
    auth: { type: 'header', name: 'Authorization', secret: 'AccessKey {{secret}}' },
    headers: { accept: 'application/json' },
    body: {
      recipients: ['{{to}}'],
      originator: '{{from}}',
      body: '{{text}}',
      reference: '{{ref}}',
      reportUrl: '{{callback?}}',
    },
    numberFormat: 'digits',
    success: { status: [200, 201], path: 'id' },
    messageIdPath: ['id'],
    errorPath: ['errors[0].description', 'errors[0].code'],
    deliveryReport: {
      idPath: 'id',
      refPath: 'reference',
      statusPath: 'status',
      reasonPath: 'statusErrorCode',
      map: { delivered: 'delivered', delivery_failed: 'failed', expired: 'failed' },
      signature: 'messagebird',
    },
  },

  // developers.sinch.com/docs/sms/api-reference. The region is that of the host; SMS_BASE_URL names another one.
  // Callbacks are not signed.
  sinch: {
    url: 'https://eu.sms.api.sinch.com/xms/v1/{{account}}/batches',
    auth: { type: 'bearer' },
    body: {
      from: '{{from}}',
      to: ['{{to}}'],
      body: '{{text}}',
      delivery_report: 'per_recipient',
      callback_url: '{{callback?}}',
      client_reference: '{{ref}}',
    },
    numberFormat: 'digits',
    success: { status: [200, 201], path: 'id' },
    messageIdPath: ['id'],
    errorPath: ['text', 'code'],
    deliveryReport: {
      idPath: 'batch_id',
      refPath: 'client_reference',
      statusPath: 'status',
      reasonPath: 'code',
      map: {
        Delivered: 'delivered',
        Failed: 'failed',
        Rejected: 'failed',
        Expired: 'failed',
        Aborted: 'failed',
        Deleted: 'failed',
        Cancelled: 'failed',
      },
    },
  },

  // doc.lox24.eu/api/operations/api_sms_post_collection, /info/sms-delivery-report-codes-dlr, /api/webhooks; `uuid`
  // and `detail` from Symfony's bridge. SMS_SECRET is the whole token, `1234567:e3f3…`. The address of the report
  // is set in the account.
  lox24: {
    url: 'https://api.lox24.eu/sms',
    auth: { type: 'header', name: 'X-LOX24-AUTH-TOKEN' },
    headers: { accept: 'application/json' },
    body: {
      sender_id: '{{from}}',
      phone: '{{to}}',
      text: '{{text}}',
      service_code: 'direct',
      callback_data: '{{ref}}',
    },
    numberFormat: 'e164',
    success: { status: [200, 201], path: 'uuid' },
    messageIdPath: ['uuid'],
    errorPath: ['detail', 'title'],
    deliveryReport: {
      idPath: 'data.id',
      refPath: 'data.callback_data',
      statusPath: 'data.dlr_code',
      map: { '1': 'delivered', '8': 'failed', '16': 'failed' },
    },
  },
};
