/** What a story says of an alert; the rest is as Alertmanager fills it in. */
export interface AlertSketch {
  readonly status?: unknown;
  readonly fingerprint?: unknown;
  readonly labels?: unknown;
  readonly annotations?: unknown;
}

export const alert = (sketch: AlertSketch = {}) => ({
  status: 'firing',
  fingerprint: '9f2c4d1e8a7b6c50',
  labels: { alertname: 'ServerRoomTooHot', severity: 'critical' },
  annotations: {},
  startsAt: '2026-03-02T07:59:30.123Z',
  endsAt: '0001-01-01T00:00:00Z',
  generatorURL: 'https://prometheus.example.org/graph?g0.expr=temperature',
  ...sketch,
});

/** The body exactly as Alertmanager 0.27 sends it. */
export const webhook = (alerts: readonly unknown[], more: object = {}) => ({
  version: '4',
  groupKey: '{}:{alertname="ServerRoomTooHot"}',
  truncatedAlerts: 0,
  status: 'firing',
  receiver: 'alarm-broker',
  groupLabels: { alertname: 'ServerRoomTooHot' },
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'https://alertmanager.example.org',
  alerts,
  ...more,
});
