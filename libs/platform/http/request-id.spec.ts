import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

import { assignRequestId } from './request-id.ts';

/** What a request with this header is called, in the log and on its answer. */
function assign(header?: string): string {
  const request = new IncomingMessage(new Socket());
  if (header !== undefined) request.headers['x-request-id'] = header;
  const response = new ServerResponse(request);
  const id = assignRequestId(request, response);
  expect(response.getHeader('X-Request-ID')).toBe(id);
  return id;
}

describe('the id of a request', () => {
  it.each(['a', '4bf92f3577b34da6', 'trace:1.2_3-4', 'x'.repeat(128)])('is the one sent: %s', (header) => {
    expect(assign(header)).toBe(header);
  });

  it.each(['', ' ', 'a b', 'x'.repeat(129), 'ä', '<b>', '{"id":1}', 'a\tb', 'a, b'])(
    'is a new one when %j was sent',
    (header) => {
      expect(assign(header)).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    },
  );

  it('is a new one each time when none was sent', () => {
    expect(assign()).not.toBe(assign());
  });
});
