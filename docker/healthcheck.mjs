/**
 * Ends with 0 if a GET of the given address answers 200: what a container's health check may run, as the image has
 * neither curl nor wget. Without an argument: whether the process in this container is alive, be it api or worker.
 */
const { PORT, WORKER_PORT } = process.env;
const here = [PORT || 8080, WORKER_PORT || 9464].map((port) => `http://127.0.0.1:${port}/livez`);
const [given] = process.argv.slice(2);

const answers = (given ? [given] : here).map(async (url) => {
  const { status } = await fetch(url, { signal: AbortSignal.timeout(4000) });
  if (status !== 200) throw new Error(`${url} answered ${status}`);
});
const isWell = await Promise.any(answers).then(
  () => true,
  () => false,
);
process.exit(isWell ? 0 : 1);
