import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';

import { Flag, List, OneOf, Secret, secretSettingNames, Text, Url, Whole } from './setting-decorators.ts';

/** One setting of each sort. */
class Sample {
  @Flag() flag = false;
  @Whole(1, 10) whole = 5;
  @Text() text?: string;
  @OneOf(['json', 'form']) word = 'json';
  @Url('http', 'https') web?: string;
  @Url('postgres', 'postgresql') database?: string;
  @List() list: string[] = [];
  @Secret() @Text() password?: string;
}

/** What the settings make of it: the value, or what is wrong with it. */
function read(name: keyof Sample, value: string): unknown {
  const sample = plainToInstance(Sample, { [name]: value }, { exposeDefaultValues: true });
  const [problem] = validateSync(sample);
  return problem ? `${problem.property}: ${Object.values(problem.constraints ?? {})[0]}` : sample[name];
}

describe('a flag', () => {
  it.each(['true', 'TRUE', '1', 'yes', 'On', ' true '])('is on with %j', (value) => {
    expect(read('flag', value)).toBe(true);
  });

  it.each(['false', 'False', '0', 'no', 'OFF'])('is off with %j', (value) => {
    expect(read('flag', value)).toBe(false);
  });

  it.each(['enabled', 'ture', '2', '-', 'constructor'])('is never guessed from %j', (value) => {
    expect(read('flag', value)).toBe('flag: must be true or false');
  });
});

describe('a whole number', () => {
  it.each([
    ['1', 1],
    ['10', 10],
    [' 7 ', 7],
    ['007', 7],
  ])('is %j read as %d', (value, number) => {
    expect(read('whole', value)).toBe(number);
  });

  it.each(['0', '11', '-1', '1.5', '1e1', '0x5', '5s', 'five', '٣', 'Infinity', 'NaN'])(
    'is not %j',
    (value) => {
      expect(read('whole', value)).toBe('whole: must be a whole number from 1 to 10');
    },
  );
});

describe('a choice', () => {
  it('is one of its words, as they are written', () => {
    expect(read('word', 'form')).toBe('form');
    expect(read('word', 'FORM')).toBe('word: must be one of json, form');
  });
});

describe('a web address', () => {
  it.each([
    'http://localhost:8080',
    'https://alarms.example/broker/',
    'http://10.0.0.5',
    'http://[::1]:8080',
    'http://sms_gateway:8080/send?key=x',
  ])('may be %s', (value) => {
    expect(read('web', value)).toBe(value);
  });

  it.each([
    'alarms.example',
    '//alarms.example',
    'ftp://alarms.example',
    'javascript:alert(1)',
    'http://',
    '/x',
  ])('is not %s', (value) => {
    expect(read('web', value)).toBe('web: must be an absolute http or https URL');
  });
});

describe('an address of another kind', () => {
  it('needs one of its schemes', () => {
    const words = 'database: must be an absolute URL beginning with postgres:// or postgresql://';

    expect(read('database', 'postgres://u:p@h/d')).toBe('postgres://u:p@h/d');
    expect(read('database', 'postgresql:///d?host=/run/postgresql')).toContain('host=/run');
    for (const value of ['mysql://h/d', 'h:5432/d', 'postgresql://', 'xpostgres://h/d']) {
      expect(read('database', value)).toBe(words);
    }
  });
});

describe('a list', () => {
  it.each([
    ['a,b', ['a', 'b']],
    ['a b', ['a', 'b']],
    [' a ,\n b,', ['a', 'b']],
    ['a', ['a']],
    [' , ', []],
  ])('is %j taken apart', (value, parts) => {
    expect(read('list', value)).toEqual(parts);
  });
});

describe('a text', () => {
  it('is kept as it is written', () => {
    expect(read('text', ' ä "b" ')).toBe(' ä "b" ');
  });
});

describe('a secret', () => {
  it('is known by its name', () => {
    expect(secretSettingNames().has('password')).toBe(true);
    expect(secretSettingNames().has('text')).toBe(false);
  });
});
