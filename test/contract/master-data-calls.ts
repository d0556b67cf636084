import { KEY } from '../support/house.ts';
import type { Call, Heard } from './caller.ts';

type CallByName = (operationId: string, status: number, wishes?: Call) => Promise<Heard>;

/** A kind of master data: how its operations are called, and one of it. */
export interface Kind {
  readonly one: string;
  readonly many: string;
  readonly body: object;
}

export const KINDS: readonly Kind[] = [
  { one: 'Site', many: 'Sites', body: { name: 'Annexe', time_zone: 'Europe/Lisbon' } },
  { one: 'Room', many: 'Rooms', body: { site_id: 'hall', label: 'Attic' } },
  { one: 'Person', many: 'Persons', body: { display_name: 'Cy', active: true } },
  {
    one: 'EscalationTarget',
    many: 'EscalationTargets',
    body: { label: 'Porter', channel: 'sms', address: '+491' },
  },
  {
    one: 'EscalationPolicy',
    many: 'EscalationPolicies',
    body: { name: 'Night', steps: [{ step_no: 0, after_seconds: 0, target_ids: ['guard'] }] },
  },
  { one: 'Device', many: 'Devices', body: { person_id: 'ada', room_id: 'counter-1', vendor: 'snom' } },
];

const TOO_LONG = 'x'.repeat(101);

/** From creation to removal, with what is refused on the way. */
export async function everyCallFor({ one, many, body }: Kind, call: CallByName): Promise<void> {
  const id = 'a new one/of them';
  const { headers } = await call(`put${one}`, 201, { id, body, headers: { 'If-None-Match': '*' } });
  const tag = { 'If-Match': headers.get('etag')! };
  await call(`get${one}`, 200, { id });
  await call(`put${one}`, 200, {
    id,
    body,
    headers: tag,
  });
  await call(`put${one}`, 412, { id, body, headers: { 'If-Match': '"0"' } });
  await call(`put${one}`, 400, { id, body, headers: { 'If-Match': 'unquoted' } });
  await call(`put${one}`, 400, { id, body: '{' });
  await call(`put${one}`, 422, { id, body: {} });
  await call(`list${many}`, 200, { query: { limit: '1' } });
  await call(`list${many}`, 422, { query: { limit: 'all' } });
  await call(`get${one}`, 404, { id: 'nobody' });
  await call(`get${one}`, 422, { id: TOO_LONG });
  await call(`delete${one}`, 422, { id: TOO_LONG });
  await call(`delete${one}`, 400, { id, headers: { 'If-Match': 'unquoted' } });
  await call(`delete${one}`, 412, { id, headers: { 'If-Match': '"0"' } });
  if (one === 'Device') await call('rotateDeviceToken', 200, { id });
  if (one === 'Person') await call('erasePerson', 202, { id, body: { also: ['cy@example.org'] } });
  await call(`delete${one}`, 204, { id });
  await call(`delete${one}`, 404, { id });
}

/** What other things stand in the way of. */
export async function refusedChanges(call: CallByName): Promise<void> {
  await call('rotateDeviceToken', 404, { id: 'nobody' });
  await call('rotateDeviceToken', 412, { id: 'phone-1', headers: { 'If-Match': '"0"' } });
  await call('rotateDeviceToken', 422, { id: TOO_LONG });
  await call('rotateDeviceToken', 400, { id: 'phone-1', headers: { 'If-Match': 'unquoted' } });
  await call('putDevice', 409, {
    id: 'a-thief',
    body: { person_id: null, room_id: null, device_token: KEY },
  });
  await call('deleteSite', 409, { id: 'hall' });
  await call('deleteRoom', 409, { id: 'counter-1' });
  await call('deletePerson', 409, { id: 'ada' });
  await call('erasePerson', 409, { id: 'ada', body: {} });
  await call('erasePerson', 404, { id: 'nobody', body: {} });
  await call('erasePerson', 422, { id: 'ada', body: { also: ['x'] } });
  await call('erasePerson', 400, { id: 'ada', body: '{' });
  await call('deleteEscalationTarget', 409, { id: 'guard' });
  await call('putSite', 200, { id: 'hall', body: { name: 'Hall', escalation_policy_id: 'default' } });
  await call('deleteEscalationPolicy', 409, { id: 'default' });
}
