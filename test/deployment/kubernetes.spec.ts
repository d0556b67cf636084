import { access, readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { Client } from 'pg';

import { readSettings, secretSettingNames, settingNames } from '#platform';

import { createDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { AppProcess } from '../support/processes.ts';
import { temporaryFolder } from '../support/run-folder.ts';
import { Manifests, OVERLAYS } from './manifests.ts';
import { brokenRules } from './restricted-profile.ts';
import { violations } from './schema-check.ts';

const ROOT = join(import.meta.dirname, '../..');
const SECRETS = '/run/secrets/alarm-broker';
const PORTS: Readonly<Record<string, number>> = {
  api: readSettings({}).PORT,
  worker: readSettings({}).WORKER_PORT,
};
/** A process keeps these beside its pool: the pulse and, in an api, the listener. */
const CONNECTIONS_BESIDE_THE_POOL = 2;

describe.each(OVERLAYS)('the installation %s', (overlay) => {
  let manifests: Manifests;
  let settings: Record<string, string>;

  beforeAll(async () => {
    manifests = await Manifests.of(overlay);
    settings = manifests
      .ofKind('ConfigMap')
      .find(({ metadata }) => /^alarm-broker-settings-/.test(metadata.name))?.['data'];
  });

  it('is accepted by the schemas of Kubernetes and of the operators it uses', async () => {
    const found = await Promise.all(
      manifests.all.map(async (manifest) =>
        (await violations(manifest)).map((words) => `${manifest.kind} ${manifest.metadata.name}: ${words}`),
      ),
    );
    expect(found.flat()).toEqual([]);
  });

  it('keeps to the restricted profile of the Pod Security Standards, and has it enforced', () => {
    for (const { metadata, spec } of manifests.workloads) {
      expect([metadata.name, brokenRules(spec.template.spec)]).toEqual([metadata.name, []]);
    }
    expect(manifests.named('Namespace', 'alarm-broker').metadata.labels).toMatchObject({
      'pod-security.kubernetes.io/enforce': 'restricted',
    });
  });

  it('is in one namespace, with nothing of it twice', () => {
    const names = manifests.all.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { kind, metadata } of manifests.all) {
      if (kind !== 'Namespace') expect([kind, metadata.namespace]).toEqual([kind, 'alarm-broker']);
    }
  });

  it('runs programs that exist, from one image, without a writable root and without a token', async () => {
    const images = new Set<string>();
    for (const { metadata, spec } of manifests.workloads) {
      const pod = spec.template.spec;
      const [container] = pod.containers;
      images.add(container.image);
      const [, app] = /^dist\/apps\/(\w+)\/main\.js$/.exec(container.args.join(' ')) ?? [];
      expect(metadata.labels?.['app.kubernetes.io/component']).toBe(app);
      await access(join(ROOT, 'apps', app ?? '', 'main.ts'));
      expect(container.securityContext.readOnlyRootFilesystem).toBe(true);
      expect([pod.automountServiceAccountToken, pod.enableServiceLinks]).toEqual([false, false]);
      expect(container.resources.limits.memory).toBe('512Mi');
      expect(container.resources.requests).toEqual({ cpu: expect.any(String), memory: expect.any(String) });
    }
    expect(images).toEqual(new Set(['registry.example.org/alarm-broker:0.1.0']));
  });

  it('sets what can be set, and secrets by file only', () => {
    const plain = Object.fromEntries(Object.entries(settings).filter(([name]) => !name.endsWith('_FILE')));
    const files = Object.keys(settings).filter((name) => name.endsWith('_FILE'));

    expect(() => readSettings(plain)).not.toThrow();
    expect(Object.keys(plain).filter((name) => !settingNames().includes(name as never))).toEqual([]);
    expect(Object.keys(plain).filter((name) => secretSettingNames().has(name))).toEqual([]);
    for (const name of files) {
      const secret = name.replace(/_FILE$/, '');
      expect(secretSettingNames()).toContain(secret);
      expect(settings[name]).toBe(`${SECRETS}/${secret}`);
    }
  });

  it('gives every process its secrets and settings under the names they are looked for', () => {
    const [config] = manifests.ofKind('ConfigMap').filter(({ data }) => data === settings);
    for (const { kind, spec } of manifests.workloads) {
      const { containers, volumes } = spec.template.spec;
      expect(containers[0].volumeMounts).toEqual([{ name: 'secrets', mountPath: SECRETS, readOnly: true }]);
      expect(volumes[0]).toMatchObject({ name: 'secrets', projected: { defaultMode: 0o440 } });
      if (kind === 'Job') {
        expect(containers[0].env).toEqual([
          { name: 'DATABASE_URL_FILE', value: settings['DATABASE_URL_FILE'] },
        ]);
      } else expect(containers[0].envFrom).toEqual([{ configMapRef: { name: config?.metadata.name } }]);
    }
  });

  it.each(['api', 'worker'])('asks each %s at the right port, and never for Redis', (name) => {
    const { spec } = manifests.named('Deployment', `alarm-broker-${name}`);
    const [container] = spec.template.spec.containers;

    expect(container.ports).toEqual([{ name: 'http', containerPort: PORTS[name] }]);
    for (const probe of ['startupProbe', 'livenessProbe']) {
      expect(container[probe].httpGet).toEqual({ path: '/livez', port: 'http' });
    }
    expect(container.readinessProbe.httpGet).toEqual({ path: '/readyz?exclude=redis', port: 'http' });
    expect(spec.strategy.rollingUpdate).toEqual({ maxUnavailable: 0, maxSurge: 1 });
    expect(spec.template.spec.terminationGracePeriodSeconds).toBeGreaterThanOrEqual(30);
  });

  it('has selectors that catch exactly the processes they mean', () => {
    for (const name of ['api', 'worker']) {
      const deployment = manifests.named('Deployment', `alarm-broker-${name}`);
      const catches = (labels: Record<string, string>): string[] =>
        manifests.selectedBy(labels).map(({ metadata }) => metadata.name);
      expect(catches(manifests.named('Service', `alarm-broker-${name}`)['spec'].selector)).toEqual([
        deployment.metadata.name,
      ]);
      for (const holder of [deployment, manifests.named('PodDisruptionBudget', `alarm-broker-${name}`)]) {
        expect(catches(holder['spec'].selector.matchLabels)).toEqual([deployment.metadata.name]);
      }
      expect(
        catches(manifests.named('NetworkPolicy', `alarm-broker-${name}`)['spec'].podSelector.matchLabels),
      ).toEqual([deployment.metadata.name]);
      for (const { labelSelector } of deployment['spec'].template.spec.topologySpreadConstraints) {
        expect(catches(labelSelector.matchLabels)).toEqual([deployment.metadata.name]);
      }
    }
    const everybody = manifests.named('NetworkPolicy', 'alarm-broker');
    expect(everybody['spec'].policyTypes).toEqual(['Ingress', 'Egress']);
    expect(manifests.selectedBy(everybody['spec'].podSelector.matchLabels)).toHaveLength(3);
  });

  it('lets the ingress lead to the api', () => {
    const [rule] = manifests.named('Ingress', 'alarm-broker')['spec'].rules;
    const { name, port } = rule.http.paths[0].backend.service;
    expect(manifests.named('Service', name)['spec'].ports[0].name).toBe(port.name);
    expect(`https://${rule.host}`).toBe(settings['BASE_URL']);
    expect(settings['TRUSTED_PROXY_CIDRS']).not.toBe('');
  });
});

describe('the installation for high availability', () => {
  let manifests: Manifests;

  beforeAll(async () => {
    manifests = await Manifests.of('high-availability');
  });

  it('leaves the number of processes to those who scale them, and never goes below two', () => {
    const api = manifests.named('HorizontalPodAutoscaler', 'alarm-broker-api')['spec'];
    const worker = manifests.named('ScaledObject', 'alarm-broker-worker')['spec'];
    for (const { scaleTargetRef } of [api, worker]) {
      expect(manifests.named('Deployment', scaleTargetRef.name)['spec'].replicas).toBeUndefined();
    }
    expect([api.minReplicas, worker.minReplicaCount]).toEqual([2, 2]);
    expect(worker.fallback.replicas).toBeGreaterThanOrEqual(worker.minReplicaCount);
  });

  it('cannot open more connections than its PostgreSQL accepts', () => {
    const settings = manifests.ofKind('ConfigMap').find(({ data }) => 'DATABASE_POOL_SIZE' in data)?.['data'];
    const each =
      Number(settings.DATABASE_POOL_SIZE) +
      Number(settings.DATABASE_MAX_OVERFLOW) +
      CONNECTIONS_BESIDE_THE_POOL;
    const processes =
      manifests.named('HorizontalPodAutoscaler', 'alarm-broker-api')['spec'].maxReplicas +
      manifests.named('ScaledObject', 'alarm-broker-worker')['spec'].maxReplicaCount +
      2; // one more of each while rolling
    const accepted = Number(
      manifests.named('Cluster', 'alarm-broker-db')['spec'].postgresql.parameters.max_connections,
    );

    // What is left is for the migration, KEDA, the operator's own and a person with psql.
    expect(processes * each).toBeLessThanOrEqual(accepted - 30);
  });

  it('takes the URL of the database from the secret its operator makes', () => {
    const { metadata } = manifests.named('Cluster', 'alarm-broker-db');
    for (const { spec } of manifests.workloads) {
      expect(spec.template.spec.volumes[0].projected.sources).toContainEqual({
        secret: { name: `${metadata.name}-app`, items: [{ key: 'uri', path: 'DATABASE_URL' }] },
      });
    }
    expect(manifests.named('TriggerAuthentication', 'alarm-broker-db')['spec'].secretTargetRef).toEqual([
      { parameter: 'connection', name: `${metadata.name}-app`, key: 'uri' },
    ]);
  });

  it('counts due work by a question that the database can answer', async () => {
    const database = await createDatabase();
    const client = new Client({ connectionString: database.url });
    await client.connect();
    try {
      const [{ metadata }] = manifests.named('ScaledObject', 'alarm-broker-worker')['spec'].triggers;
      expect((await client.query(metadata.query)).rows).toEqual([{ count: '0' }]);
    } finally {
      await client.end();
      await database.drop();
    }
  });

  it('never lets Redis throw jobs away', () => {
    const config = manifests.named('ConfigMap', 'alarm-broker-redis-config')['data']['redis-additional.conf'];
    expect(config).toContain('maxmemory-policy noeviction');
    expect(config).toContain('appendonly yes');
    expect(manifests.named('RedisReplication', 'alarm-broker-redis')['spec'].redisConfig).toEqual({
      additionalRedisConfig: 'alarm-broker-redis-config',
    });
  });

  it('has Prometheus ask every process by a port that its service has', async () => {
    const { selector, endpoints } = manifests.named('ServiceMonitor', 'alarm-broker')['spec'];
    const asked = manifests
      .ofKind('Service')
      .filter(({ metadata }) =>
        Object.entries(selector.matchLabels).every(([name, value]) => metadata.labels?.[name] === value),
      );
    expect(asked.map(({ metadata }) => metadata.name)).toEqual(['alarm-broker-api', 'alarm-broker-worker']);
    for (const { spec } of asked) expect(spec.ports[0].name).toBe(endpoints[0].port);
    const { paths } = JSON.parse(await readFile(join(ROOT, 'openapi.json'), 'utf8'));
    expect(Object.keys(paths)).toEqual(expect.arrayContaining([endpoints[0].path, '/livez', '/readyz']));
  });

  it('brings rules and dashboards along where there are any', () => {
    const folder = join(ROOT, 'docker/prometheus');
    expect(manifests.ofKind('PrometheusRule')).toHaveLength(existsSync(folder) ? 1 : 0);
  });
});

describe('processes with the settings of the installation single-node', () => {
  it('start, take their secrets from files, and answer their probes', async () => {
    const manifests = await Manifests.of('single-node');
    const data = manifests.ofKind('ConfigMap')[0]?.['data'] as Record<string, string>;
    const folder = await temporaryFolder('secrets');
    const database = await createDatabase();
    await writeFile(join(folder, 'DATABASE_URL'), `${database.url}\n`);
    await writeFile(join(folder, 'ADMIN_API_KEY'), 'the key of the house\n');
    const environment = Object.fromEntries(
      Object.entries(data).map(([name, value]) => [name, value.replace(SECRETS, folder)]),
    );
    const ports = { api: await freePort(), worker: await freePort() };
    const processes = await Promise.all(
      (['api', 'worker'] as const).map((name) =>
        AppProcess.start(name, {
          ...environment,
          LISTEN_HOST: '127.0.0.1',
          PORT: String(ports.api),
          WORKER_PORT: String(ports.worker),
        }),
      ),
    );
    for (const [i, name] of (['api', 'worker'] as const).entries()) {
      const [container] = manifests.named('Deployment', `alarm-broker-${name}`)['spec'].template.spec
        .containers;
      const url = `http://127.0.0.1:${ports[name]}`;
      await processes[i]?.waitForReady(`${url}${container.readinessProbe.httpGet.path}`);
      expect((await fetch(`${url}${container.livenessProbe.httpGet.path}`)).status).toBe(200);
    }
    const status = (key: string): Promise<number> =>
      fetch(`http://127.0.0.1:${ports.api}/v1/alarms`, { headers: { 'X-Admin-Key': key } }).then(
        (answer) => answer.status,
      );
    expect([await status('the key of the house'), await status('another')]).toEqual([200, 401]);
    await Promise.all(processes.map((process) => process.kill()));
    await database.drop();
  });
});
