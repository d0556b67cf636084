import { formatTraceParent, parseTraceParent } from './trace-parent.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it('is read and written as W3C Trace Context says', () => {
    const position = { traceId: TRACE, spanId: SPAN, traceFlags: 1 };

    expect(parseTraceParent(`00-${TRACE}-${SPAN}-01`)).toEqual(position);
    expect(formatTraceParent(position)).toBe(`00-${TRACE}-${SPAN}-01`);
    expect(formatTraceParent({ ...position, traceFlags: 0 })).toBe(`00-${TRACE}-${SPAN}-00`);
  });

  it('of a later version is read as far as it is known, and flags nobody knows are left out', () => {
    expect(parseTraceParent(`cc-${TRACE}-${SPAN}-ff-what-comes`)).toMatchObject({
      traceId: TRACE,
      traceFlags: 1,
    });
  });

  it.each([
    ['nothing', undefined],
    ['empty', ''],
    ['several headers', [`00-${TRACE}-${SPAN}-01`]],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['the version that is forbidden', `ff-${TRACE}-${SPAN}-01`],
    ['more than version 00 has', `00-${TRACE}-${SPAN}-01-more`],
    ['capitals', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a line of a log', `00-${TRACE}-${SPAN}-01\ninjected`],
  ])('is ignored when it is none: %s', (_what, value) => {
    expect(parseTraceParent(value)).toBeUndefined();
  });
});
