import { CHANNEL_KINDS } from '../channels/notification-channel.ts';
import { parseRowAddress, rowAddress } from './row-address.ts';

describe('the name the doorbell has for a notification', () => {
  it.each(CHANNEL_KINDS)('leads back to a row of %s', (channel) => {
    expect(parseRowAddress(rowAddress(channel, '0190-abc'))).toEqual({ channel, id: '0190-abc' });
  });

  it.each(['pager/0190', 'sms/', 'sms', '/0190', ''])('is refused when it is %j', (address) => {
    expect(() => parseRowAddress(address)).toThrow('No lane for');
  });
});
