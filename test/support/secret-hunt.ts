/**
 * Every form in which a secret may stand in a text: as it is, percent-encoded, as JSON or a log of an object writes it,
 * and in base64 wherever in a longer text it began (`user:password`).
 */
export function formsOf(secret: string): string[] {
  const forms = [secret, encodeURIComponent(secret), encodeURI(secret), JSON.stringify(secret).slice(1, -1)];
  for (const before of ['', '?', '??']) {
    const bytes = Buffer.from(before + secret);
    // What stands at either end depends on its neighbours.
    const sure = bytes.subarray(before === '' ? 0 : 3, bytes.length - (bytes.length % 3));
    forms.push(sure.toString('base64'), sure.toString('base64url'));
  }
  forms.push(Buffer.from(secret).toString('hex'));
  return [...new Set(forms.flatMap((form) => [form, form.toLowerCase()]))].filter((form) => form.length >= 5);
}

/** The names of the secrets that are in the text, each with the line it stands in. */
export function leaksIn(text: string, secrets: Readonly<Record<string, string>>): string[] {
  const lines = text.split('\n');
  return Object.entries(secrets).flatMap(([name, secret]) => {
    const forms = formsOf(secret);
    const line = lines.find((candidate) => forms.some((form) => candidate.includes(form)));
    return line === undefined ? [] : [`${name}: ${line.slice(0, 2000)}`];
  });
}
