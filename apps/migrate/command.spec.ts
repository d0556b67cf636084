import { commandOf } from './command.ts';

describe('the words after npm run migrate --', () => {
  it.each([
    [[], 'migrate'],
    [['--dry-run'], 'dry-run'],
    [['status'], 'status'],
    [['verify'], 'verify'],
    [['--help'], 'help'],
    [['verify', '-h'], 'help'],
  ])('%j mean %s', (words, command) => {
    expect(commandOf(words)).toBe(command);
  });

  it.each([
    [['frobnicate']],
    [['status', 'verify']],
    [['--dry-run', 'verify']],
    [['--dryrun']],
    [['--dry-run=yes']],
    [['']],
  ])('%j mean nothing', (words) => {
    expect(commandOf(words)).toBeUndefined();
  });
});
