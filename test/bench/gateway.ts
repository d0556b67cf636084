/**
 * A gateway in a process of its own: takes webhooks, answers 200 and notes when the first byte of each arrived. Written on
 * bare sockets, because it shares the processors with what is measured.
 */
import { createServer, type Socket } from 'node:net';

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}';

/** Alarm and time of each hand-off, in milliseconds since the epoch. */
const arrivals: [string, number][] = [];

const server = createServer((socket: Socket) => {
  let received = '';
  let began = 0;
  socket.setNoDelay(true);
  socket.setEncoding('latin1');
  socket.on('error', () => socket.destroy());
  socket.on('data', (text: string) => {
    if (received === '') began = performance.timeOrigin + performance.now();
    received += text;
    const head = received.indexOf('\r\n\r\n');
    if (head < 0) return;
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(received.slice(0, head))?.[1] ?? 0);
    if (received.length < head + 4 + length) return;
    arrivals.push([/"alarm_id":"([0-9a-f-]{36})"/.exec(received)?.[1] ?? '', began]);
    received = '';
    socket.write(ANSWER);
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});

process.on('message', (question) => {
  if (question === 'count') process.send?.({ count: arrivals.length });
  if (question === 'take') process.send?.({ arrivals: arrivals.splice(0) });
});
process.on('disconnect', () => process.exit(0));
