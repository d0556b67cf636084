/* eslint-disable @typescript-eslint/no-explicit-any -- pods have been checked against their schema before they get here */

type Rule = readonly [what: string, isKept: (pod: any, container: any) => boolean];

const VOLUMES = [
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'persistentVolumeClaim',
  'projected',
  'secret',
];
const either = (pod: any, container: any, field: string): any =>
  container.securityContext?.[field] ?? pod.securityContext?.[field];

/**
 * The restricted profile of the Pod Security Standards (https://kubernetes.io/docs/concepts/security/pod-security-standards/),
 * with the baseline profile it contains: one line a control, for every container.
 */
const RULES: readonly Rule[] = [
  ['no host namespaces', (pod) => !pod.hostNetwork && !pod.hostPID && !pod.hostIPC],
  ['not privileged', (_pod, { securityContext: context }) => !context?.privileged],
  ['no host ports', (_pod, { ports = [] }) => ports.every((port: any) => !port.hostPort)],
  [
    'the usual /proc',
    (_pod, { securityContext: context }) => (context?.procMount ?? 'Default') === 'Default',
  ],
  ['no sysctls', (pod) => (pod.securityContext?.sysctls ?? []).length === 0],
  [
    'no probes elsewhere',
    (_pod, container) =>
      ['livenessProbe', 'readinessProbe', 'startupProbe'].every((probe) => !container[probe]?.httpGet?.host),
  ],
  [
    'only harmless volumes',
    ({ volumes = [] }) =>
      volumes.every(({ name: _name, ...source }: any) =>
        Object.keys(source).every((kind) => VOLUMES.includes(kind)),
      ),
  ],
  ['no new privileges', (_pod, { securityContext: context }) => context?.allowPrivilegeEscalation === false],
  ['not root', (pod, container) => either(pod, container, 'runAsNonRoot') === true],
  ['a user other than 0', (pod, container) => either(pod, container, 'runAsUser') !== 0],
  [
    'seccomp',
    (pod, container) =>
      ['RuntimeDefault', 'Localhost'].includes(either(pod, container, 'seccompProfile')?.type),
  ],
  [
    'no capabilities',
    (_pod, { securityContext: context }) =>
      context?.capabilities?.drop?.includes('ALL') === true &&
      (context.capabilities.add ?? []).every((name: string) => name === 'NET_BIND_SERVICE'),
  ],
];

/** Which rules of the restricted profile a pod breaks. */
export function brokenRules(pod: any): string[] {
  const containers: any[] = [
    ...(pod.initContainers ?? []),
    ...pod.containers,
    ...(pod.ephemeralContainers ?? []),
  ];
  return containers.flatMap((container) =>
    RULES.filter(([, isKept]) => !isKept(pod, container)).map(([what]) => `${container.name}: ${what}`),
  );
}
