/** A piece of a page that is meant to be typed or seen as it stands. */
export interface CodeBlock {
  /** What is written behind the fence: `bash`, `sql`, `text` … */
  readonly language: string;
  readonly text: string;
  /** The heading it stands under. */
  readonly heading: string;
}

/** Fenced blocks in the order of the page, without the indentation of a list they stand in. */
export function codeBlocks(page: string): CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let heading = '';
  let open: { language: string; indent: string; lines: string[] } | undefined;
  for (const line of page.split('\n')) {
    const [, indent = '', language = ''] = /^(\s*)```(\w*)$/.exec(line) ?? [];
    if (!/^\s*```/.test(line)) {
      if (open !== undefined) open.lines.push(line.slice(open.indent.length));
      else heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
    } else if (open === undefined) open = { language, indent, lines: [] };
    else {
      blocks.push({ language: open.language, text: open.lines.join('\n'), heading });
      open = undefined;
    }
  }
  return blocks;
}

/** What stands between single backticks in the running text, blocks left out. */
export const inlineCode = (page: string): string[] =>
  [...page.replace(/^\s*```[\s\S]*?^\s*```$/gm, '').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);

/** The anchors GitHub gives to the headings of a page. */
export const anchors = (page: string): string[] =>
  [...page.replace(/^\s*```[\s\S]*?^\s*```$/gm, '').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
