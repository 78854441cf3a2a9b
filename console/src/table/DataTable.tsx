import { Button, Group, Paper, Text, VisuallyHidden } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { IconSearchOff } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { type ReactNode, useMemo, useState } from "react";
import type { QueryValues } from "../api/client.ts";
import type { listOptions } from "../api/list-options.ts";
import { EmptyState } from "../components/EmptyState.tsx";
import { ErrorState } from "../components/ErrorState.tsx";
import { LoadingTable } from "../components/LoadingTable.tsx";
import { formatNumber } from "../ui/format-time.ts";
import type { Column, TableFilter } from "./column.ts";
import classes from "./DataTable.module.css";
import { RowCards } from "./RowCards.tsx";
import { TableToolbar } from "./TableToolbar.tsx";
import { useTableMemory } from "./table-memory.ts";
import { useTableAddress } from "./use-table-address.ts";
import { VirtualRows } from "./VirtualRows.tsx";

export type DataTableProps<Row> = {
  /** Names the table in this browser's memory; for ever the same. */
  readonly id: string;
  /** What the rows are, for screen readers and counts: "people". */
  readonly label: string;
  /** The same for one row, "person". */
  readonly one?: string;
  readonly columns: readonly Column<Row>[];
  /** A list call of api/, given search, sort order and filters. */
  readonly options: (query: QueryValues) => ReturnType<typeof listOptions<Row>>;
  readonly rowKey: (row: Row) => string;
  /** Where a row leads; Enter and a click open it. */
  readonly rowHref?: (row: Row) => string;
  /** Instead of leading to a page: shows the whole row, in a drawer for example. */
  readonly onOpen?: (row: Row) => void;
  readonly filters?: readonly TableFilter[];
  /** Shown in the search box; absent: the list cannot be searched. */
  readonly searchLabel?: string;
  /** The address of the same list as CSV. */
  readonly csv?: (query: QueryValues) => string;
  /** Shown instead when there is nothing at all, without any filter. */
  readonly empty: ReactNode;
  /** Rows can be ticked; gives what to do with the ticked ones. */
  readonly bulk?: (selected: readonly Row[], clear: () => void) => ReactNode;
  /** Query values that are not the user's to change, such as an integration's id. */
  readonly fixed?: QueryValues;
  /** How high it may grow. Default: to the bottom of the window. */
  readonly maxHeight?: string;
};

/** Every list of the console: virtual rows over pages of the API, with search, filters, order, columns, views and export. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const { id, label, columns, options, rowKey, filters = [], fixed, empty, bulk, one } = props;
  const [address, changeAddress] = useTableAddress();
  const [memory, remember] = useTableMemory(id);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const narrow = useMediaQuery("(max-width: 48em)", window.matchMedia("(max-width: 48em)").matches);

  const query = queryOf(address, filters, fixed, props.searchLabel !== undefined);
  const list = useInfiniteQuery(options(query));
  const rows = useMemo(() => list.data?.pages.flatMap((page) => page.data) ?? [], [list.data]);
  const total = list.data?.pages[0]?.total;
  const shown = memory.columns ?? columns.filter(({ hidden }) => hidden !== true).map((column) => column.id);
  const visible = columns.filter((column) => shown.includes(column.id));
  const filtered = isFiltered(address, filters);
  const chosen = bulk === undefined ? [] : rows.filter((row) => selected.has(rowKey(row)));
  const clearFilters = () =>
    changeAddress(Object.fromEntries([["q", undefined], ...filters.map((filter) => [filter.id, undefined])]));

  const more = () => {
    if (list.hasNextPage && !list.isFetchingNextPage) void list.fetchNextPage();
  };
  const body = { ...props, columns: visible, rows, onEnd: more, selected, setSelected, maxHeight: props.maxHeight };

  return (
    <Paper withBorder radius="lg" className={classes.frame}>
      <TableToolbar
        {...props}
        filters={filters}
        address={address}
        onAddress={changeAddress}
        shown={shown}
        memory={memory}
        onRemember={remember}
        csvHref={props.csv?.(query)}
        sortable={narrow ? columns.filter(({ sort }) => sort !== undefined) : []}
      />
      {bulk !== undefined && chosen.length > 0 && (
        <Group className={classes.bulk} gap="md" role="region" aria-label="Ticked rows">
          <Text fw={600}>{formatNumber(chosen.length)} ticked</Text>
          {bulk(chosen, () => setSelected(new Set()))}
        </Group>
      )}
      {list.isPending && (
        <div className={classes.state}>
          <LoadingTable />
        </div>
      )}
      {list.isError && rows.length === 0 && (
        <div className={classes.state}>
          <ErrorState error={list.error} onRetry={() => void list.refetch()} />
        </div>
      )}
      {list.isSuccess &&
        rows.length === 0 &&
        (filtered ? <NothingFound label={label} onClear={clearFilters} /> : empty)}
      {rows.length > 0 &&
        (narrow ? (
          <RowCards {...body} />
        ) : (
          <VirtualRows
            {...body}
            total={total ?? rows.length}
            sort={address.sort}
            onSort={(sort) => changeAddress({ sort })}
          />
        ))}
      {rows.length > 0 && (
        <div className={classes.foot} aria-live="polite">
          {list.isFetchNextPageError ? (
            <Button size="compact-sm" variant="subtle" onClick={more}>
              The next rows could not be read. Try again
            </Button>
          ) : (
            <>
              {formatNumber(total ?? rows.length)}
              {list.data?.pages[0]?.totalIsMinimum ? "+" : ""} {(total ?? rows.length) === 1 ? (one ?? label) : label}
              {list.isFetching && <VisuallyHidden>, loading</VisuallyHidden>}
            </>
          )}
        </div>
      )}
    </Paper>
  );
}

function NothingFound({ label, onClear }: { readonly label: string; readonly onClear: () => void }) {
  return (
    <EmptyState
      icon={IconSearchOff}
      title={`No ${label} found`}
      action={
        <Button variant="default" onClick={onClear}>
          Clear search and filters
        </Button>
      }
    >
      Nothing fits the search and the filters as they are.
    </EmptyState>
  );
}

function queryOf(
  address: Readonly<Record<string, string>>,
  filters: readonly TableFilter[],
  fixed: QueryValues | undefined,
  searchable: boolean,
): QueryValues {
  const chosen = filters.map(({ id, initial }) => [id, address[id] ?? initial] as const);
  const given: (readonly [string, string | undefined])[] = [...chosen, ["sort", address.sort]];
  if (searchable) given.push(["q", address.q]);
  return { ...Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== "")), ...fixed };
}

function isFiltered(address: Readonly<Record<string, string>>, filters: readonly TableFilter[]): boolean {
  return (
    (address.q ?? "") !== "" || filters.some(({ id, initial }) => (address[id] ?? "") !== "" && address[id] !== initial)
  );
}
