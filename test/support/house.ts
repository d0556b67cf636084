/** A small house for stories: one key, and people who are told one after the other. */
export const KEY = 'KEY-OF-COUNTER-ONE';
export const OTHER_KEY = 'KEY-OF-COUNTER-TWO';

export interface TargetSketch {
  readonly id: string;
  readonly channel?: string;
  readonly address?: string;
  readonly enabled?: boolean;
  readonly after?: number;
}

/** A seed whose steps are given as targets with the seconds after which they are told. */
export function house(targets: readonly TargetSketch[], policy: object = {}): string {
  const times = [...new Set(targets.map((target) => target.after ?? 0))].sort((a, b) => a - b);
  return JSON.stringify({
    sites: [{ id: 'hall', name: 'Town hall' }],
    rooms: [
      { id: 'counter-1', site_id: 'hall', label: 'Counter 1', floor: '2' },
      { id: 'counter-2', site_id: 'hall', label: 'Counter 2' },
    ],
    persons: [
      { id: 'ada', display_name: 'Ada', role: 'Registrar' },
      { id: 'ben', display_name: 'Ben' },
    ],
    devices: [
      { id: 'phone-1', device_token: KEY, person_id: 'ada', room_id: 'counter-1' },
      { id: 'phone-2', device_token: OTHER_KEY, person_id: 'ben', room_id: 'counter-2' },
      { id: 'loose-phone', device_token: 'KEY-OF-NOBODY' },
    ],
    escalation_policy: { id: 'default', name: 'Hall', ...policy },
    escalation_targets: targets.map(({ id, channel = 'sms', address = `+49${id}`, enabled = true }) => ({
      id,
      label: id,
      channel,
      address,
      enabled,
    })),
    escalation_steps: times.map((after, step_no) => ({
      policy_id: 'default',
      step_no,
      after_seconds: after,
      target_ids: targets.filter((target) => (target.after ?? 0) === after).map((target) => target.id),
    })),
  });
}
