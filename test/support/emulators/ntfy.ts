import { HttpReceiver, type Answer, type Recorded } from '../http-receiver.ts';
import { Emulator, type Reply } from './emulator.ts';

export interface NtfyAction {
  readonly action: string;
  readonly label: string;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly clear?: boolean;
}

/** A message as it was published and as apps show it. */
export interface NtfyMessage {
  readonly topic: string;
  readonly title?: string;
  readonly message: string;
  readonly priority?: number;
  readonly tags?: readonly string[];
  readonly click?: string;
  readonly actions: readonly NtfyAction[];
}

const TOPIC = /^[-_A-Za-z0-9]{1,64}$/;
/** Names that are parts of the web app. */
const DISALLOWED = [
  'docs',
  'static',
  'file',
  'app',
  'metrics',
  'account',
  'settings',
  'signup',
  'login',
  'v1',
];
const MESSAGE_LIMIT = 4096;

/** The first three digits of a code are the status. */
const refusal = (code: number, error: string): Answer => {
  const http = Math.floor(code / 100);
  return { status: http, body: { code, http, error, link: 'https://ntfy.sh/docs/publish/' } };
};

/**
 * An ntfy server as its source describes it (server/server.go, server/actions.go, server/errors.go), and an app that
 * shows its messages and presses their buttons.
 */
export class NtfyServer extends Emulator {
  readonly messages: NtfyMessage[] = [];
  healthy = true;

  private constructor(
    http: HttpReceiver,
    private readonly tokens: readonly string[],
  ) {
    super(http);
  }

  /** @param tokens of those who may publish and read; without any, everybody may. */
  static async start(...tokens: readonly string[]): Promise<NtfyServer> {
    const http = await HttpReceiver.start();
    return new NtfyServer(http, tokens);
  }

  nextPublication(): Promise<Recorded> {
    return this.http.next(({ method }) => method === 'POST');
  }

  protected override respond(request: Recorded): Reply {
    const { method, url } = request;
    if (method === 'GET' && url === '/v1/health') return { body: { healthy: this.healthy } };
    if (method === 'GET' && /^\/[-_A-Za-z0-9]{1,64}\/auth$/.test(url))
      return this.#refusedAccess(request) ?? { body: { success: true } };
    // On any other address the body would be the text of a message, JSON or not.
    if (method !== 'POST' || url !== '/') return refusal(40401, 'page not found');
    return this.interlude ?? this.#publish(request);
  }

  #refusedAccess({ headers }: Recorded): Answer | undefined {
    if (this.tokens.length === 0) return undefined;
    const { authorization } = headers;
    if (authorization === undefined) return refusal(40301, 'forbidden');
    const [, token = ''] = /^Bearer (tk_\w+)$/.exec(authorization) ?? [];
    return this.tokens.includes(token) ? undefined : refusal(40101, 'unauthorized');
  }

  #publish(request: Recorded): Answer {
    if (request.body.length > 2 * MESSAGE_LIMIT) return refusal(41303, 'JSON body too large');
    if (typeof request.json !== 'object' || request.json === null)
      return refusal(40017, 'invalid request: request body must be message JSON');
    const { topic, priority, actions = [], message, ...rest } = request.json as Partial<NtfyMessage>;
    if (typeof topic !== 'string' || !TOPIC.test(topic))
      return refusal(40009, 'invalid request: topic invalid');
    if (DISALLOWED.includes(topic)) return refusal(40010, 'invalid request: topic name is not allowed');
    const refused = this.#refusedAccess(request);
    if (refused !== undefined) return refused;
    if (priority !== undefined && ![1, 2, 3, 4, 5].includes(priority))
      return refusal(40007, 'invalid priority parameter');
    const wrong = wrongActions(actions);
    if (wrong !== undefined) return refusal(40018, `invalid request: actions invalid, ${wrong}`);
    if (Buffer.byteLength(message ?? '') > MESSAGE_LIMIT)
      return refusal(40014, 'invalid request: attachments not allowed');
    const level = priority === undefined ? {} : { priority };
    this.messages.push({ ...rest, ...level, topic, actions, message: message || 'triggered' });
    const id = `msg${String(this.messages.length).padStart(9, '0')}`;
    return { body: { id, time: 1772438400, expires: 1772481600, event: 'message', topic, message } };
  }

  /**
   * Presses a button as the apps do: with the method (POST unless given), the headers and the body of the action.
   * @param origin of the page the web app runs on; a phone has none.
   * @returns whether the app shows success. A browser that may not read the answer shows a failure.
   */
  async press(action: NtfyAction, origin?: string): Promise<boolean> {
    if (action.action !== 'http') throw new Error(`"${action.label}" makes no request.`);
    const answer = await fetch(action.url, {
      method: action.method ?? 'POST',
      headers: { ...action.headers, ...(origin === undefined ? {} : { Origin: origin }) },
      ...(action.body === undefined ? {} : { body: action.body }),
    });
    const allowed = answer.headers.get('access-control-allow-origin');
    const mayRead = origin === undefined || allowed === '*' || allowed === origin;
    return mayRead && answer.status >= 200 && answer.status <= 299;
  }
}

function wrongActions(actions: readonly NtfyAction[]): string | undefined {
  if (actions.length > 3) return 'only 3 actions allowed';
  for (const { action, label, url, method = '', body = '' } of actions) {
    if (!['view', 'broadcast', 'http'].includes(action)) return `action '${action}' unknown`;
    if (label === '') return "parameter 'label' is required";
    if (action !== 'broadcast' && url === '') return `parameter 'url' is required for action '${action}'`;
    if (action === 'http' && ['GET', 'HEAD'].includes(method) && body !== '')
      return `parameter 'body' cannot be set if method is ${method}`;
  }
  return undefined;
}
