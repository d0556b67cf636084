/**
 * A stand-in for an SMS gateway, for `--profile gateway`: takes what the broker's `sendxms` preset sends and writes it to
 * its log. Unlike SIMULATION_ENABLED, the broker sends in earnest, over HTTP, with time limits and repeats.
 */
import { createServer } from 'node:http';

const server = createServer(async (request, response) => {
  const chunks = await request.toArray();
  if (request.method === 'POST') {
    const { to, from, message } = JSON.parse(Buffer.concat(chunks).toString());
    console.log(`SMS from ${from} to ${to}: ${message}`);
  }
  response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
});
server.listen(process.env.PORT || 8090, () => console.log('Waiting for SMS.'));
process.once('SIGTERM', () => server.close());
