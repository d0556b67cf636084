import type { Manifest } from './manifests.ts';
import { brokenRules } from './restricted-profile.ts';
import { violations } from './schema-check.ts';

const container = (): Record<string, unknown> => ({
  name: 'api',
  image: 'alarm-broker',
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
});
const pod = (): Record<string, unknown> => ({
  containers: [container()],
  securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
});
const deployment = (spec: object): Manifest => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api' },
  spec: {
    selector: { matchLabels: { app: 'api' } },
    template: { metadata: { labels: { app: 'api' } }, spec },
  },
});

describe('the check against schemas', () => {
  it('finds nothing wrong with what is right', async () => {
    expect(await violations(deployment(pod()))).toEqual([]);
  });

  it.each([
    ['a value of the wrong type', { ...pod(), terminationGracePeriodSeconds: 'soon' }, 'must be integer'],
    ['a container without a name', { containers: [{ image: 'x' }] }, 'name'],
    [
      'a field that does not exist',
      { ...pod(), restartpolicy: 'Always' },
      '/spec/template/spec/restartpolicy is no field',
    ],
    [
      'a field that does not exist deep inside',
      { containers: [{ ...container(), livenessProbe: { httpGet: { port: 80, Path: '/' } } }] },
      '/spec/template/spec/containers/0/livenessProbe/httpGet/Path is no field',
    ],
  ])('finds %s', async (_what, spec, words) => {
    expect((await violations(deployment(spec))).join()).toContain(words);
  });
});

describe('the check against the restricted profile', () => {
  it('finds nothing wrong with what is right', () => {
    expect(brokenRules(pod())).toEqual([]);
  });

  it.each([
    ['no host namespaces', { ...pod(), hostNetwork: true }],
    ['only harmless volumes', { ...pod(), volumes: [{ name: 'host', hostPath: { path: '/' } }] }],
    ['not root', { ...pod(), securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }],
    [
      'seccomp',
      { ...pod(), securityContext: { runAsNonRoot: true, seccompProfile: { type: 'Unconfined' } } },
    ],
    [
      'a user other than 0',
      { ...pod(), containers: [{ ...container(), securityContext: { runAsUser: 0 } }] },
    ],
    ['not privileged', { ...pod(), containers: [{ ...container(), securityContext: { privileged: true } }] }],
    ['no new privileges', { ...pod(), containers: [{ ...container(), securityContext: {} }] }],
    ['no capabilities', { ...pod(), initContainers: [{ ...container(), securityContext: {} }] }],
    ['no host ports', { ...pod(), containers: [{ ...container(), ports: [{ hostPort: 80 }] }] }],
  ])('finds a pod that breaks "%s"', (rule, broken) => {
    expect(brokenRules(broken)).toContain(`api: ${rule}`);
  });
});
