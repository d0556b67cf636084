import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

import type { ReportProof } from './sms-connector.ts';
import { scalarText } from './sms-template.ts';

/** A request that says it comes from the provider. */
export interface ReportRequest {
  readonly method: string;
  /** As the provider called it: BASE_URL with path and query, not what a proxy made of it. */
  readonly publicUrl: string;
  /** The value of a header; undefined where it is missing. */
  header(name: string): string | undefined;
  readonly rawBody: Buffer;
  /** `key` in the query. */
  readonly key: unknown;
}

/**
 * Whether a report comes from who knows the secret. Reports can be repeated without harm, so it does not matter
 * how old one is.
 */
export function isProven(proof: ReportProof, request: ReportRequest, secret: string): boolean {
  switch (proof) {
    case 'twilio':
      return provenByTwilio(request, secret);
    case 'seven':
      return provenBySeven(request, secret);
    case 'vonage':
      return provenByVonage(request, secret);
    case 'messagebird':
      return provenByMessageBird(request, secret);
    case 'key':
      return typeof request.key === 'string' && isSame(request.key, secret);
  }
}

/** Takes as long for a wrong first letter as for a wrong last one. */
const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest());

/** A provider may or may not write the port that goes without saying. */
function spellings(address: string): string[] {
  const [, scheme = '', host = '', port = '', rest = ''] =
    /^(https?):\/\/([^/?#:]*|\[[^\]]*\])(:\d+)?(.*)$/.exec(address) ?? [];
  const usual = scheme === 'https' ? ':443' : ':80';
  return [...new Set([port, '', usual])].map((written) => `${scheme}://${host}${written}${rest}`);
}

/** twilio.com/docs/usage/security: HMAC-SHA1 over the URL and every field with its value, sorted by field. */
function provenByTwilio(request: ReportRequest, secret: string): boolean {
  const fields = new URLSearchParams(request.rawBody.toString('utf8'));
  const names = [...new Set(fields.keys())].sort();
  const text = names
    .map((name) =>
      [...new Set(fields.getAll(name))]
        .sort()
        .map((value) => `${name}${value}`)
        .join(''),
    )
    .join('');
  const signature = request.header('x-twilio-signature') ?? '';
  return spellings(request.publicUrl).some((url) =>
    isSame(signature, createHmac('sha1', secret).update(`${url}${text}`).digest('base64')),
  );
}

/** seven.io/en/docs/gateway/http-api/signing-of-requests: HMAC-SHA256 over five lines. */
function provenBySeven(request: ReportRequest, secret: string): boolean {
  const signature = request.header('x-signature') ?? '';
  const lines = (url: string) => [
    request.header('x-timestamp') ?? '',
    request.header('x-nonce') ?? '',
    request.method,
    url,
    createHash('md5').update(request.rawBody).digest('hex'),
  ];
  return spellings(request.publicUrl).some((url) =>
    isSame(signature, createHmac('sha256', secret).update(lines(url).join('\n')).digest('hex')),
  );
}

/** developer.vonage.com/en/getting-started/concepts/webhooks: a JWT with a hash of the body. */
function provenByVonage(request: ReportRequest, secret: string): boolean {
  const [, token = ''] = /^Bearer (\S+)$/i.exec(request.header('authorization') ?? '') ?? [];
  return hasHash(claimsOf(token, secret), 'payload_hash', [request.rawBody]);
}

/** developers.messagebird.com/docs/verify-http-requests: a JWT with hashes of the URL and of the body. */
function provenByMessageBird(request: ReportRequest, secret: string): boolean {
  const claims = claimsOf(request.header('messagebird-signature-jwt') ?? '', secret);
  return (
    claims?.['iss'] === 'MessageBird' &&
    hasHash(claims, 'url_hash', spellings(request.publicUrl)) &&
    (request.rawBody.length === 0 || hasHash(claims, 'payload_hash', [request.rawBody]))
  );
}

const hasHash = (
  claims: Claims | undefined,
  name: string,
  contents: readonly (string | Buffer)[],
): boolean => {
  const hash = scalarText(claims?.[name]) ?? '';
  return contents.some((content) => isSame(hash, createHash('sha256').update(content).digest('hex')));
};

type Claims = Readonly<Record<string, unknown>>;

const DIGESTS: Readonly<Record<string, string>> = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

/** What a JWT (RFC 7519) says, if it is signed with the secret; nothing otherwise. */
function claimsOf(token: string, secret: string): Claims | undefined {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const digest = DIGESTS[scalarText(objectIn(header)?.['alg']) ?? ''];
  if (digest === undefined) return undefined;
  const expected = createHmac(digest, secret).update(`${header}.${payload}`).digest('base64url');
  return isSame(signature, expected) ? objectIn(payload) : undefined;
}

function objectIn(part: string): Claims | undefined {
  try {
    const value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as unknown;
    return typeof value === 'object' && value !== null ? (value as Claims) : undefined;
  } catch {
    return undefined;
  }
}
