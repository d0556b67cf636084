import type { Told } from '#notifications';

import { contactsOf } from './contacts.ts';

const told = (label: string, status: Told['status'], channel: Told['channel'] = 'sms'): Told => ({
  label,
  channel,
  status,
  at: null,
});
const brief = (some: readonly Told[]) => contactsOf(some).map(({ label, status }) => `${label} ${status}`);

describe('whom a plan has alerted', () => {
  it('is listed in the order in which they came first', () => {
    expect(brief([told('Guard', 'sent'), told('Desk', 'sending'), told('Eva', 'failed')])).toEqual([
      'Guard sent',
      'Desk sending',
      'Eva failed',
    ]);
  });

  it('is listed once however often the plan was repeated, with the best that came of it', () => {
    const rounds = [
      told('Guard', 'failed'),
      told('Desk', 'sent'),
      told('Guard', 'delivered'),
      told('Desk', 'failed'),
    ];
    expect(brief(rounds)).toEqual(['Guard delivered', 'Desk sent']);
  });

  it('is told apart by the channel', () => {
    expect(brief([told('Guard', 'sent', 'sms'), told('Guard', 'failed', 'signal')])).toHaveLength(2);
  });

  it('leaves out who was passed over, or not told because somebody answered before', () => {
    expect(brief([told('Guard', 'skipped'), told('Desk', 'withdrawn')])).toEqual([]);
  });
});
