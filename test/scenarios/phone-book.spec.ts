import { PhoneBook } from '#directory';

import { World } from '../support/world.ts';

const PERSONS = [
  ['ada', 'Ada', '+49 (0)170 - 123 45 67'],
  ['ben', 'Ben', '0049/171/1234567'],
  ['eva', 'Eva', '+491721234567'],
  ['tom', 'Tom', '+49 172 1234567'],
  ['old', 'Gone', '+491731234567'],
  ['ext', 'No mobile', null],
] as const;

let world: World;

beforeAll(async () => {
  world = await World.start({
    seed: JSON.stringify({
      persons: PERSONS.map(([id, display_name, phone_mobile]) => ({
        id,
        display_name,
        phone_mobile,
        phone_ext: '4711',
        active: id !== 'old',
      })),
    }),
  });
});
afterAll(() => world.stop());

describe('a mobile number', () => {
  it.each([
    ['however it is written in the directory', '+491701234567', 'Ada'],
    ['also from abroad in another way', '+491711234567', 'Ben'],
    ['that two have is nobody’s', '+491721234567', undefined],
    ['of who has left is nobody’s', '+491731234567', undefined],
    ['nobody has', '+490000000', undefined],
    ['that is none', '', undefined],
    ['that is an extension', '4711', undefined],
  ])('%s', async (_what, number, name) => {
    expect(await world.app.get(PhoneBook, { strict: false }).nameOf(number)).toBe(name);
  });
});
