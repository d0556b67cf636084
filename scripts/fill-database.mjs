/** SQL that fills a database with alarms as years leave them behind: the numbers $1 to $2 of $3. */

/** Closed long ago, apart from one in a thousand; one in five hundred was deleted by somebody. */
export const FILL = [
  `INSERT INTO alarms (id, status, source, event, severity, silent, created_at, device_id, person_id, room_id, site_id,
                       ack_token, acked_at, acked_by, resolved_at, resolved_by, deleted_at, meta)
   SELECT id, CASE WHEN n % 1000 = 0 THEN 'triggered' ELSE 'resolved' END, 'yealink', 'alarm.trigger',
          'P' || n % 4, true, at, 'device-' || n % 2000, 'person-' || n % 3000, 'room-' || n % 1500, 'site-' || n % 20,
          md5('token' || n), at + '1 minute', 'Guard ' || n % 50, at + '1 hour', 'Guard ' || n % 50,
          CASE WHEN n % 500 = 1 THEN at + '2 hours' END,
          jsonb_build_object('received_at', at, 'client_ip', '10.0.0.' || n % 250, 'user_agent', 'Yealink SIP-T54W 96.85.0.5',
                             'ack_note', 'On my way to person ' || n % 3000)
   FROM numbered`,
  `INSERT INTO escalations (alarm_id, plan, brief, round, round_began, next_step, next_step_at, ended_at, ended_by)
   SELECT id, jsonb_build_object('policy', jsonb_build_object('id', 'default', 'name', 'Hall'), 'repeat',
                jsonb_build_object('count', 0, 'afterSeconds', 60), 'steps', (SELECT jsonb_agg(jsonb_build_object(
                  'stepNo', s, 'afterSeconds', s * 60, 'targets', jsonb_build_array(jsonb_build_object('id', 'target-' || s,
                  'label', 'Guard ' || s, 'channel', 'sms', 'address', '+4915123456' || s, 'enabled', true)))) FROM generate_series(0, 3) s)),
          brief, 0, at, 2, NULL, at + '1 minute', 'acknowledged' FROM numbered`,
  `INSERT INTO notifications (id, alarm_id, purpose, round, step_no, target_id, label, channel, address, brief, status,
                              attempts, created_at, due_at, finished_at, external_ref)
   SELECT md5('notification' || n || '-' || s)::uuid, id, 'alert', 0, s, 'target-' || s, 'Guard ' || s,
          (ARRAY['sms', 'signal', 'zammad'])[s + 1], '+4915123456' || s, brief, 'sent', 1, at, at, at + '2 seconds',
          'ref-' || n || '-' || s
   FROM numbered, generate_series(0, 2) s`,
  `INSERT INTO notification_attempts
   SELECT md5('notification' || n || '-' || s)::uuid, 1, at, at + '2 seconds', 'sent', NULL
   FROM numbered, generate_series(0, 2) s`,
  `INSERT INTO alarm_events (alarm_id, at, type, actor, data)
   SELECT id, at, (ARRAY['alarm.triggered', 'escalation.step-started', 'notification.sent', 'notification.sent',
                         'notification.sent', 'alarm.acknowledged', 'alarm.resolved'])[s],
          CASE WHEN s > 5 THEN 'Guard ' || n % 50 END,
          jsonb_build_object('target', 'Guard ' || s, 'channel', 'sms', 'step', 0, 'attempt', 1)
   FROM numbered, generate_series(1, 7) s`,
  `INSERT INTO alarm_notes SELECT md5('note' || n)::uuid, id, at, 'Guard', 'All is well with person ' || n % 3000, 'comment'
   FROM numbered WHERE n % 3 = 0`,
].map(
  (insert) => `WITH numbered AS MATERIALIZED (
    SELECT n, at, ('0' || substr(md5('alarm' || n), 2))::uuid AS id,
           jsonb_build_object('alarmId', md5('alarm' || n), 'severity', 'P0', 'silent', true, 'source', 'yealink', 'event',
             'alarm.trigger', 'triggeredAt', at, 'simulated', false, 'drill', false, 'person', 'Person ' || n % 3000, 'role',
             'Registrar', 'room', 'Counter ' || n % 1500, 'floor', '2', 'site', 'Town hall', 'timeZone', 'Europe/Berlin',
             'link', 'https://alarm.example.org/a/' || md5('token' || n)) AS brief
    FROM (SELECT n, now() - (($3 - n) * interval '94 seconds') AS at FROM generate_series($1::int, $2::int) n) r)
   ${insert}`,
);
