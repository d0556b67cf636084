import { ChannelError } from '../notification-channel.ts';

/**
 * A phone number in the spelling a provider wants. One that begins with a single zero belongs to a country only
 * the provider knows; it is passed on as digits.
 * @throws ChannelError for what is no number.
 */
export function phoneNumber(typed: string, format: 'e164' | 'digits' | '00' | undefined): string {
  if (typed.trim() === '') {
    throw new ChannelError('The target has no phone number.', { retry: 'no', reason: 'refused' });
  }
  if (format === undefined) return typed;
  const isInternational = /^\s*(\+|00)/.test(typed);
  // +49 (0) 30 is a way to write both numbers at once; the zero is not dialled from abroad.
  const spelled = isInternational ? typed.replace(/\(0\)/, '') : typed;
  const digits = spelled.replace(/^\s*\+/, '').replace(/[\s()./-]/g, '');
  if (!/^\d{3,20}$/.test(digits)) {
    throw new ChannelError('The address of the target is no phone number.', {
      retry: 'no',
      reason: 'refused',
    });
  }
  const international = digits.replace(/^00/, '');
  if (international.startsWith('0')) return digits;
  return `${{ e164: '+', digits: '', '00': '00' }[format]}${international}`;
}
