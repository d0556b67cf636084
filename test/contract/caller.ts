import { ADMIN_KEY, type World } from '../support/world.ts';
import type { Contract } from './contract.ts';

/** What is special about a call; the admin key comes along unless it says another, or none (null). */
export interface Call {
  readonly id?: string;
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON unless it is a text. */
  readonly body?: object | string;
  readonly key?: string | null;
}

/** What came back, for the story to go on with. */
export interface Heard {
  readonly headers: Headers;
  readonly text: string;
  // Bodies are read by stories that know what they are.
  readonly body: Record<string, string>;
}

/** Calls operations by their name, and holds every answer against the contract. */
export class ContractCaller {
  constructor(
    private readonly world: World,
    readonly contract: Contract,
  ) {}

  async call(operationId: string, status: number, call: Call = {}): Promise<Heard> {
    const operation = this.contract.operation(operationId);
    const response = await fetch(this.address(operation.path, call), {
      method: operation.method,
      headers: headersOf(call),
      ...(call.body === undefined
        ? {}
        : { body: typeof call.body === 'string' ? call.body : JSON.stringify(call.body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await textOf(response);
    const { headers } = response;
    expect(this.contract.violations(operation, { status: response.status, headers, text })).toEqual([]);
    expect({ operationId, status: response.status, text }).toEqual({ operationId, status, text });
    const isJson = /json\b/.test(headers.get('content-type') ?? '');
    return { headers, text, body: isJson && text !== '' ? JSON.parse(text) : {} };
  }

  private address(template: string, { id, path = {}, query = {} }: Call): string {
    const names: Readonly<Record<string, string>> = id === undefined ? path : { ...path, id };
    const filled = template.replace(/\{(\w+)\}/g, (_, name: string) =>
      encodeURIComponent(names[name] ?? 'nobody'),
    );
    const search = new URLSearchParams(query).toString();
    return `${this.world.url}${filled}${search === '' ? '' : `?${search}`}`;
  }
}

function headersOf({ key = ADMIN_KEY, body, headers = {} }: Call): Record<string, string> {
  return {
    ...(key === null ? {} : { 'X-Admin-Key': key }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...headers,
  };
}

/** A stream does not end by itself: its beginning is enough. */
async function textOf(response: Response): Promise<string> {
  if (!response.headers.get('content-type')?.startsWith('text/event-stream')) return response.text();
  await response.body?.cancel();
  return '';
}
