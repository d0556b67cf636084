import { jsonDepth } from './json-depth.ts';

const depthOf = (text: string) => jsonDepth(Buffer.from(text));

describe('the depth of a JSON text', () => {
  it.each([
    ['7', 0],
    ['[]', 1],
    ['{"a":[1,{"b":2}]}', 3],
    ['[[],[],[[]]]', 3],
    ['["[[[", "\\"[[", "\\\\"]', 1],
    ['["ü[[", "日本[["]', 1],
    [']]]]', 0],
  ])('of %s is %i', (text, depth) => {
    expect(depthOf(text)).toBe(depth);
  });

  it('is found without running out of stack, also for a megabyte of brackets', () => {
    const deep = '['.repeat(1_000_000);
    expect(depthOf(deep)).toBe(1_000_000);
  });
});
