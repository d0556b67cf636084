import { isStorable } from '#platform';

/** The fields of a form as they came: text, from anybody. */
export class Fields {
  private readonly values: ReadonlyMap<string, readonly string[]>;

  constructor(body: unknown) {
    const entries = typeof body === 'object' && body !== null ? Object.entries(body) : [];
    this.values = new Map(
      entries.map(([name, value]) => [
        name,
        (Array.isArray(value) ? value : [value]).filter((one): one is string => typeof one === 'string'),
      ]),
    );
  }

  /** Every field of this name, as sent. */
  all(name: string): readonly string[] {
    return this.values.get(name) ?? [];
  }

  /** As sent; empty when it was not. */
  raw(name: string): string {
    return this.all(name)[0] ?? '';
  }

  has(name: string): boolean {
    return this.values.has(name);
  }

  /** One line without control characters, cut to a length; null when nothing is left. */
  line(name: string, maxLength: number): string | null {
    return cleaned(this.raw(name).replace(/\p{Cc}+/gu, ' '), maxLength);
  }

  /** The same with its line breaks. */
  text(name: string, maxLength: number): string | null {
    return cleaned(
      this.raw(name)
        .replace(/\r\n?/g, '\n')
        .replace(/[^\P{Cc}\n\t]/gu, ''),
      maxLength,
    );
  }

  /** Name and value of everything, in the order in which it came. */
  entries(): [name: string, value: string][] {
    return [...this.values].flatMap(([name, values]) =>
      values.map((value): [string, string] => [name, value]),
    );
  }
}

function cleaned(text: string, maxLength: number): string | null {
  const cut = text.trim().slice(0, maxLength);
  // The cut may have gone through the middle of a character.
  const whole = isStorable(cut) ? cut : cut.replace(/\p{Cs}/gu, '').trim();
  return whole === '' ? null : whole;
}
