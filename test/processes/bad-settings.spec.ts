import { AppProcess } from '../support/processes.ts';

describe('a process whose settings cannot be used', () => {
  it.each([
    ['api', 'no database', {}, 'DATABASE_URL must be set.'],
    [
      'worker',
      'a secret in a file that is not there',
      { DATABASE_URL_FILE: '/nowhere/hunter2' },
      'Bad settings: DATABASE_URL_FILE must name a file that can be read (ENOENT).',
    ],
    [
      'migrate',
      'a secret that is given twice',
      { DATABASE_URL: 'postgresql://u:hunter2@h/d', DATABASE_URL_FILE: '/dev/null' },
      'Bad settings: DATABASE_URL and DATABASE_URL_FILE must not both be set.',
    ],
  ] as const)('says so in one sentence, and ends: %s with %s', async (name, _what, environment, sentence) => {
    const app = await AppProcess.start(name, environment);
    expect(await app.exited).toEqual({ code: 1, signal: null });
    expect(app.output).toEqual([`alarm-broker: ${sentence}`]);
  });
});
