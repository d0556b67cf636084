/** A certificate an administrator can look at, by the codes of OpenSSL and Node.js. */
const CERTIFICATE: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'The certificate of the server has expired.',
  CERT_NOT_YET_VALID: 'The certificate of the server is not valid yet.',
  CERT_REVOKED: 'The certificate of the server has been revoked.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate of the server is for another name.',
};

const UNTRUSTED = /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_|CERT_)/;
const NO_AGREEMENT = /^(?:ERR_SSL_|ERR_TLS_|EPROTO$)/;

/**
 * Why no encrypted connection came about, in words for an administrator.
 * @param code of a Node.js error.
 * @returns nothing for any other kind of error.
 */
export function tlsTrouble(code: string): string | undefined {
  const certificate = CERTIFICATE[code];
  if (certificate !== undefined) return certificate;
  if (UNTRUSTED.test(code)) return `The certificate of the server is not trusted (${code}).`;
  return NO_AGREEMENT.test(code) ? `No encrypted connection could be agreed on (${code}).` : undefined;
}
