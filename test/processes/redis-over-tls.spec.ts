import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { selfSigned } from '../support/certificate.ts';
import { createDatabase, type TestDatabase } from '../support/databases.ts';
import { freePort } from '../support/free-port.ts';
import { AppProcess } from '../support/processes.ts';
import { RedisServer } from '../support/redis-server.ts';
import { temporaryFolder } from '../support/run-folder.ts';

/** A password travels to Redis, and the ids of alarms do. */
describe('an api with Redis over TLS', () => {
  let redis: RedisServer;
  let database: TestDatabase;
  let folder: string;
  let environment: Record<string, string>;

  beforeAll(async () => {
    folder = await temporaryFolder('tls');
    const { cert, key } = selfSigned();
    await Promise.all([writeFile(join(folder, 'cert.pem'), cert), writeFile(join(folder, 'key.pem'), key)]);
    const tlsPort = String(await freePort());
    const files = ['--tls-cert-file', join(folder, 'cert.pem'), '--tls-key-file', join(folder, 'key.pem')];
    redis = new RedisServer({
      settings: ['--tls-port', tlsPort, ...files, '--tls-auth-clients', 'no', '--requirepass', 'word'],
    });
    [database] = await Promise.all([createDatabase(), redis.start()]);
    environment = { DATABASE_URL: database.url, REDIS_URL: `rediss://:word@localhost:${tlsPort}/2` };
  });

  afterAll(async () => {
    await redis.stop();
    await database.drop();
  });

  const start = async (trust: Record<string, string>) => {
    const port = String(await freePort());
    const app = await AppProcess.start('api', { ...environment, ...trust, PORT: port });
    await app.waitForReady(`http://127.0.0.1:${port}/readyz?exclude=redis`);
    return { app, url: `http://127.0.0.1:${port}/readyz` };
  };

  it('uses it when it trusts its certificate', async () => {
    const { app, url } = await start({ NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') });
    await app.waitForReady(url);
    await app.kill('SIGTERM');
  });

  it('does without it when the password is wrong, and gives none away', async () => {
    const trust = { NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') };
    for (const scheme of ['rediss', 'rediss-cluster']) {
      const wrong = environment['REDIS_URL']
        ?.replace('rediss://:word', `${scheme}://:hunter2`)
        .replace(/\/2$/, '');
      const { app, url } = await start({ ...trust, REDIS_URL: wrong ?? '' });
      await app.waitForLog(({ logger }) => logger === 'Redis');
      expect((await fetch(url)).status).toBe(503);
      await app.kill('SIGTERM');
      expect(app.output.join('\n')).toContain('WRONGPASS');
      expect(app.output.join('\n')).not.toContain('hunter2');
    }
  });

  it('does without it when it does not, and says why', async () => {
    const { app, url } = await start({});
    const { message } = await app.waitForLog(({ logger }) => logger === 'Redis');
    expect(message).toBe('Redis is away; PostgreSQL decides alone');
    expect(app.output.join('\n')).toMatch(/self-signed certificate/);
    expect(app.output.join('\n')).not.toContain('word@');
    expect((await fetch(url)).status).toBe(503);
    await app.kill('SIGTERM');
  });
});
