/** What the console answered. */
export interface ConsoleAnswer {
  readonly status: number;
  readonly location: string | null;
  readonly cookies: readonly string[];
  readonly text: string;
}

/** A browser without a window: keeps cookies, says where its forms come from, follows nothing. */
export class ConsoleVisitor {
  private readonly jar: Map<string, string>;

  constructor(
    private readonly url: string,
    cookies: Readonly<Record<string, string>> = {},
  ) {
    this.jar = new Map(Object.entries(cookies));
  }

  /** Somebody who has the same cookies. */
  clone(): ConsoleVisitor {
    return new ConsoleVisitor(this.url, Object.fromEntries(this.jar));
  }

  /** All of them, as they are sent. */
  get cookies(): string {
    return [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  cookie(name: string): string {
    return this.jar.get(name) ?? '';
  }

  get(path: string): Promise<ConsoleAnswer> {
    return this.ask(path, {});
  }

  post(
    path: string,
    fields: Readonly<Record<string, string>>,
    headers: Readonly<Record<string, string>> = { origin: this.url },
  ): Promise<ConsoleAnswer> {
    return this.ask(path, { method: 'POST', body: new URLSearchParams(fields), headers });
  }

  signIn(key: string, headers?: Readonly<Record<string, string>>): Promise<ConsoleAnswer> {
    return this.post('/admin/sign-in', { key, to: '/admin' }, headers);
  }

  /** The proof that stands in the forms of a page. */
  async formToken(path: string): Promise<string> {
    return /name="_token" value="([^"]+)"/.exec((await this.get(path)).text)?.[1] ?? '';
  }

  private async ask(path: string, init: RequestInit): Promise<ConsoleAnswer> {
    const headers = {
      ...(init.headers as Record<string, string>),
      accept: 'text/html',
      cookie: this.cookies,
    };
    const response = await fetch(new URL(path, this.url), { ...init, headers, redirect: 'manual' });
    const cookies = response.headers.getSetCookie();
    for (const line of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '') this.jar.delete(name);
      else this.jar.set(name, value);
    }
    const location = response.headers.get('location');
    return { status: response.status, location, cookies, text: await response.text() };
  }
}
