import type { ComponentChildren } from 'preact';

export interface Column<Row> {
  /** Also stands before the cell where there is no room for a table. */
  readonly label: string;
  readonly cell: (row: Row) => ComponentChildren;
  readonly class?: string;
  /** Needless for who sees the column. */
  readonly isLabelUnseen?: boolean;
  /** The cell that names the row. */
  readonly isHeader?: boolean;
}

interface TableProps<Row> {
  /** Read out before the table. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Stays the same while a row is the same thing: by it a live page knows what has changed. */
  readonly keyOf: (row: Row) => string;
  readonly rowClass?: (row: Row) => string;
  /** Its rows are kept up to date. */
  readonly live?: string;
}

/** Rows of things; on a narrow screen each row becomes a card. */
export function Table<Row>({ caption, columns, rows, keyOf, rowClass, live }: TableProps<Row>) {
  return (
    <table class="table">
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ label, class: className, isLabelUnseen }) => (
            <th scope="col" key={label} class={className}>
              {isLabelUnseen === true ? <span class="unseen">{label}</span> : label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody data-live={live}>
        {rows.map((row) => (
          <tr key={keyOf(row)} data-key={keyOf(row)} class={rowClass?.(row)}>
            {columns.map((column) => {
              const Cell = column.isHeader === true ? 'th' : 'td';
              const scope = column.isHeader === true ? 'row' : undefined;
              return (
                <Cell key={column.label} scope={scope} class={column.class} data-label={column.label}>
                  {column.cell(row)}
                </Cell>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
