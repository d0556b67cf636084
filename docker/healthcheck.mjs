/**
 * Ends with 0 if a GET of the given address answers 200: what a container's health check may run, as the image has
 * neither curl nor wget. Without an argument: whether the api of this container is alive.
 */
const [url = `http://127.0.0.1:${process.env.PORT || 8080}/livez`] = process.argv.slice(2);

const isWell = await fetch(url, { signal: AbortSignal.timeout(4000) }).then(
  ({ status }) => status === 200,
  () => false,
);
process.exit(isWell ? 0 : 1);
