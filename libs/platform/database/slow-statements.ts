import { Logger } from '@nestjs/common';

import { logContext, withLogContext, type LogContext } from '../logging/log-context.ts';

const MAX_LENGTH = 300;

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

/**
 * Logs the statements of one connection that took longer than a limit: by name or by their text without values, never
 * with what was passed to them. One that was sent behind others counts from the moment they were answered, so that it
 * is not blamed for their time.
 */
export class SlowStatements {
  private readonly logger = new Logger('Database');
  private readonly underWay: UnderWay[] = [];
  private answeredAt = 0;

  constructor(private readonly limitMs: number) {}

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
    const statement = question.name ?? withoutValues(question.text ?? '');
    withLogContext(context, () =>
      this.logger.warn({ statement, durationMs: Math.round(took) }, 'A statement was slow'),
    );
  }
}

/** SQL as one short line in which `?` stands for every text and number. */
export function withoutValues(sql: string): string {
  const line = sql
    .replace(/--[^\n]*/g, ' ')
    .replace(/\$(\w*)\$[\s\S]*?\$\1\$/g, '?')
    .replace(/'(?:[^']|'')*'/g, '?')
    .replace(/(?<![\w$".])\d+(?:\.\d+)?/g, '?')
    .replace(/\s+/g, ' ')
    .trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH - 1)}…` : line;
}
