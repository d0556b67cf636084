import { jest } from '@jest/globals';

import { Timetable } from './timetable.ts';

const at = (milliseconds: number) => new Date(1_800_000_000_000 + milliseconds);

describe('a timetable', () => {
  let rung: (readonly string[])[];
  let timetable: Timetable;

  beforeEach(() => {
    jest.useFakeTimers();
    rung = [];
    timetable = new Timetable((ids) => rung.push(ids));
  });
  afterEach(() => jest.useRealTimers());

  it('names rows at their time and not before, those of one moment together', () => {
    timetable.note('a', at(1000), at(0));
    timetable.note('b', at(995), at(0));
    timetable.note('c', at(1200), at(0));
    jest.advanceTimersByTime(999);
    expect(rung).toEqual([]);
    jest.advanceTimersByTime(1);
    expect(rung).toEqual([['a', 'b']]);
    jest.advanceTimersByTime(200);
    expect(rung).toEqual([['a', 'b'], ['c']]);
  });

  it('names what is overdue at once', () => {
    timetable.note('late', at(-5000), at(0));
    jest.advanceTimersByTime(0);
    expect(rung).toEqual([['late']]);
  });

  it('names a row once, however often it was noted, and again when it is noted afterwards', () => {
    timetable.note('a', at(100), at(0));
    timetable.note('a', at(100), at(50));
    jest.advanceTimersByTime(100);
    timetable.note('a', at(100), at(100));
    jest.advanceTimersByTime(100);
    expect(rung).toEqual([['a'], ['a']]);
  });

  it('forgets everything when it is told to', () => {
    timetable.note('a', at(100), at(0));
    timetable.clear();
    jest.advanceTimersByTime(1000);
    expect(rung).toEqual([]);
  });
});
