import { canHaveReceived, signalRecipient } from './recipient.ts';

const INTERNAL = Buffer.from('a group of thirty-two bytes long').toString('base64');
const GROUP = `group.${Buffer.from(INTERNAL).toString('base64')}`;
const UUID = '5f3c1a20-1111-4222-8333-abcdefabcdef';

describe('a recipient of Signal', () => {
  it.each([
    ['a group as signal-cli-rest-api calls it', GROUP, GROUP],
    ['a group as Signal calls it', INTERNAL, GROUP],
    ['a number', '+4930111222', '+4930111222'],
    ['a number written to be read', ' +49 (30) 111-222 ', '+4930111222'],
    ['a uuid', UUID, UUID],
    ['a username', 'eva.42', 'eva.42'],
    ['nobody', ' ', undefined],
  ])('%s', (_what, address, recipient) => {
    expect(signalRecipient(address)).toBe(recipient);
  });
});

describe('whoever answers', () => {
  const nobody = { number: null, uuid: null, groupId: null };

  it.each([
    ['from within the group', GROUP, { groupId: INTERNAL }, true],
    ['from within the group, configured by its internal id', INTERNAL, { groupId: INTERNAL }, true],
    ['from another group', GROUP, { groupId: 'another' }, false],
    ['from outside of any group', GROUP, { number: '+491' }, false],
    ['from the number that was told', '+49 1', { number: '+491' }, true],
    ['from another number', '+491', { number: '+492' }, false],
    ['with a hidden number', '+491', { uuid: UUID }, true],
    ['with the uuid that was told', UUID.toUpperCase(), { uuid: UUID }, true],
    ['with another uuid', UUID, { uuid: UUID.replace('5', '6') }, false],
    ['in place of a username', 'eva.42', { number: '+491' }, true],
    ['a message to nobody', '', { number: '+491' }, false],
  ])('%s', (_what, address, sender, can) => {
    expect(canHaveReceived(address, { ...nobody, ...sender })).toBe(can);
  });
});
