import type { Answer, HttpReceiver, Recorded } from '../http-receiver.ts';

/** What stands in for an answer: one that is given, none at all, or the end of the connection. */
export type Reply = Answer | 'hang' | 'reset';

/** A server on loopback that behaves as the documentation of a real one says, until it is told otherwise. */
export abstract class Emulator {
  protected interlude: Reply | undefined;

  protected constructor(protected readonly http: HttpReceiver) {
    http.answer((request) => this.respond(request));
  }

  protected abstract respond(request: Recorded): Reply;

  get url(): string {
    return this.http.url;
  }

  get requests(): readonly Recorded[] {
    return this.http.requests;
  }

  close(): Promise<void> {
    return this.http.close();
  }

  /** Answers everything it is asked to send like this from now on; undefined: as the server does. */
  answer(interlude: Reply | undefined): void {
    this.interlude = interlude;
  }
}
