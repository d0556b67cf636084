/** One line of the log, as documented. */
export interface LogLine {
  readonly timestamp: string;
  readonly level: 'debug' | 'info' | 'warning' | 'error';
  readonly logger: string;
  readonly message: string;
  readonly extra: Record<string, unknown>;
}

/** Where a broker under test writes its log. One for each test file, because pino's root logger is one. */
export const logLines = {
  lines: [] as LogLine[],
  text: '',

  write(line: string): void {
    this.text += line;
    this.lines.push(JSON.parse(line) as LogLine);
  },

  clear(): void {
    this.lines = [];
    this.text = '';
  },

  /** Messages of a level, for reading in a failed assertion. */
  at(level: LogLine['level']): string[] {
    return this.lines.filter((line) => line.level === level).map((line) => `${line.logger}: ${line.message}`);
  },
};
