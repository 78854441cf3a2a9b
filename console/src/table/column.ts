import type { ReactNode } from "react";

/** A column of a DataTable. */
export type Column<Row> = {
  readonly id: string;
  readonly header: string;
  readonly cell: (row: Row) => ReactNode;
  /** The API's name for sorting by it; absent: it cannot be sorted by. */
  readonly sort?: string;
  /** Pixels it takes at least. Default 140. */
  readonly width?: number;
  /** Its share of what is left over. Default 1; 0 keeps the width. */
  readonly grow?: number;
  readonly align?: "right";
  /** Shown only when chosen in the column chooser. */
  readonly hidden?: boolean;
};

/** A filter of a DataTable: one of a few values, or a day, kept in the address under its id. */
export type TableFilter = {
  readonly id: string;
  readonly label: string;
  /** `date`: a day, such as 2026-11-24; then there are no options. */
  readonly kind?: "date";
  readonly options: readonly { readonly value: string; readonly label: string }[];
  /** What is meant when the address says nothing. Default: the option with the empty value, "any". */
  readonly initial?: string;
};
