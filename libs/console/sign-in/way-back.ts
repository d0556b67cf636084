const HERE = 'http://console.invalid';
const START = '/admin';

/**
 * Where to go after signing in: what was asked for if it is a page of the console, else its first page. Whatever host
 * stood there is left out, so this never leads to another one.
 */
export function wayBack(to: unknown): string {
  if (typeof to !== 'string' || !URL.canParse(to, HERE)) return START;
  const { pathname, search } = new URL(to, HERE);
  const isOurs = pathname === START || pathname.startsWith(`${START}/`);
  return isOurs && !pathname.startsWith(`${START}/sign-`) ? pathname + search : START;
}
