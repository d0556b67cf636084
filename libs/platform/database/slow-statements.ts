import { Logger } from '@nestjs/common';

import { logContext, withLogContext, type LogContext } from '../logging/log-context.ts';

const MAX_LENGTH = 300;
const LINES_A_SECOND = 10;

/** What is asked of the client: a text, or an object that has one and perhaps a name. */
interface Question {
  readonly name?: string | undefined;
  readonly text?: string;
}

interface UnderWay {
  readonly question: Question;
  readonly askedAt: number;
  readonly context: LogContext;
}

/** When everything is slow, saying so must not make it slower: a few lines a second, for all connections together. */
export class LineBudget {
  private second = 0;
  private used = 0;
  private withheld = 0;

  /** @returns how many lines were withheld since the last one; nothing when this one is to be withheld as well. */
  take(now = performance.now()): number | undefined {
    const second = Math.floor(now / 1000);
    if (second !== this.second) this.used = 0;
    this.second = second;
    if (this.used >= LINES_A_SECOND) {
      this.withheld += 1;
      return undefined;
    }
    this.used += 1;
    const { withheld } = this;
    this.withheld = 0;
    return withheld;
  }
}

/**
 * Logs the statements of one connection that took longer than a limit: by name or by their text without values, never
 * with what was passed to them. One that was sent behind others counts from the moment they were answered, so that it
 * is not blamed for their time.
 */
export class SlowStatements {
  private readonly logger = new Logger('Database');
  private readonly underWay: UnderWay[] = [];
  private answeredAt = 0;

  constructor(
    private readonly limitMs: number,
    private readonly lines: LineBudget,
  ) {}

  /** A statement is sent. */
  asked(question: unknown): void {
    this.underWay.push({
      question: typeof question === 'string' ? { text: question } : (question as Question),
      askedAt: performance.now(),
      context: logContext(),
    });
  }

  /** The earliest statement under way is answered, with all its rows or with an error. */
  answered(): void {
    const statement = this.underWay.shift();
    if (statement === undefined) return;
    const now = performance.now();
    const took = now - Math.max(statement.askedAt, this.answeredAt);
    this.answeredAt = now;
    if (took >= this.limitMs) this.report(statement, took);
  }

  /** Nothing is owed any more, whatever was counted. */
  idle(): void {
    this.underWay.length = 0;
  }

  /** In the context of whoever asked: the answer arrives in that of whoever opened the connection. */
  private report({ question, context }: UnderWay, took: number): void {
    const withheld = this.lines.take();
    if (withheld === undefined) return;
    const statement = question.name ?? withoutValues(question.text ?? '');
    const facts = { statement, durationMs: Math.round(took), ...(withheld === 0 ? {} : { withheld }) };
    withLogContext(context, () => this.logger.warn(facts, 'A statement was slow'));
  }
}

/** What is skipped, what is kept as it is, and what is a value. In one pass, because each may look like another. */
const PART =
  /--[^\n]*|\/\*[\s\S]*?\*\/|("[^"]*"|\$\d+)|\$(\w*)\$[\s\S]*?\$\2\$|'(?:[^']|'')*(?:'|$)|(?<![\w$.])\d+(?:\.\d+)?/g;

/** SQL as one short line in which `?` stands for every text and number. */
export function withoutValues(sql: string): string {
  const line = sql
    .replace(PART, (part: string, kept?: string) => kept ?? (/^(--|\/\*)/.test(part) ? ' ' : '?'))
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}
