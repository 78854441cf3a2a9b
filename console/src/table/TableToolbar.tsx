import { Button, Checkbox, Group, NativeSelect, Popover, Stack, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconColumns3, IconDownload, IconSearch } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import type { Column, TableFilter } from "./column.ts";
import classes from "./DataTable.module.css";
import { SavedViews } from "./SavedViews.tsx";
import type { useTableMemory } from "./table-memory.ts";
import type { AddressValues } from "./use-table-address.ts";

type Props<Row> = {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly filters: readonly TableFilter[];
  readonly searchLabel?: string;
  readonly address: AddressValues;
  readonly onAddress: (changes: Record<string, string | undefined>) => void;
  readonly shown: readonly string[];
  readonly memory: ReturnType<typeof useTableMemory>[0];
  readonly onRemember: ReturnType<typeof useTableMemory>[1];
  readonly csvHref: string | undefined;
  /** Columns to sort by where no headers are to be seen. */
  readonly sortable: readonly Column<Row>[];
};

/** Search, filters, columns, views, export. */
export function TableToolbar<Row>(props: Props<Row>) {
  const { label, columns, filters, searchLabel, address, onAddress, shown, memory, onRemember, csvHref, sortable } =
    props;
  return (
    <div className={classes.toolbar}>
      {searchLabel !== undefined && (
        <SearchBox label={searchLabel} value={address.q ?? ""} onChange={(q) => onAddress({ q })} />
      )}
      {filters.map((filter) => (
        <FilterControl
          key={filter.id}
          filter={filter}
          value={address[filter.id] ?? filter.initial ?? ""}
          onChange={(value) => onAddress({ [filter.id]: value === (filter.initial ?? "") ? undefined : value })}
        />
      ))}
      {sortable.length > 0 && (
        <NativeSelect
          aria-label="Order"
          value={address.sort ?? ""}
          onChange={({ currentTarget: { value } }) => onAddress({ sort: value })}
          data={[
            { value: "", label: "Usual order" },
            ...sortable.flatMap(({ sort, header }) => [
              { value: sort ?? "", label: `${header}, ascending` },
              { value: `-${sort}`, label: `${header}, descending` },
            ]),
          ]}
        />
      )}
      <Group gap="xs" ml="auto">
        <SavedViews
          label={label}
          views={memory.views}
          search={address}
          columns={shown}
          onChange={(views) => onRemember({ views })}
          onOpen={(view) => {
            onRemember({ columns: view.columns });
            const cleared = Object.fromEntries(Object.keys(address).map((name) => [name, undefined]));
            onAddress({ ...cleared, ...view.search });
          }}
        />
        <ColumnChooser columns={columns} shown={shown} onChange={(next) => onRemember({ columns: next })} />
        {csvHref !== undefined && (
          <Button
            component="a"
            href={csvHref}
            download
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            CSV
          </Button>
        )}
      </Group>
    </div>
  );
}

type FilterProps = {
  readonly filter: TableFilter;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

function FilterControl({ filter: { kind, label, options }, value, onChange }: FilterProps) {
  const changed = ({ currentTarget }: { readonly currentTarget: { readonly value: string } }) =>
    onChange(currentTarget.value);
  if (kind !== "date") return <NativeSelect aria-label={label} value={value} onChange={changed} data={[...options]} />;
  return (
    <TextInput
      type="date"
      aria-label={label}
      leftSection={<span className={classes.filterName}>{label}</span>}
      leftSectionWidth={54}
      value={value}
      onChange={changed}
    />
  );
}

type SearchProps = { readonly label: string; readonly value: string; readonly onChange: (text: string) => void };

function SearchBox({ label, value, onChange }: SearchProps) {
  const [text, setText] = useState(value);
  const sent = useRef(value);
  const send = useDebouncedCallback((next: string) => {
    sent.current = next;
    onChange(next);
  }, 250);
  // The address was changed elsewhere: the back button, a view, "clear".
  useEffect(() => {
    if (value !== sent.current) {
      sent.current = value;
      setText(value);
    }
  }, [value]);
  return (
    <TextInput
      type="search"
      aria-label={label}
      placeholder={label}
      leftSection={<IconSearch size={16} aria-hidden />}
      className={classes.search}
      value={text}
      onChange={({ currentTarget }) => {
        setText(currentTarget.value);
        send(currentTarget.value);
      }}
    />
  );
}

type ChooserProps<Row> = {
  readonly columns: readonly Column<Row>[];
  readonly shown: readonly string[];
  readonly onChange: (columns: readonly string[] | null) => void;
};

function ColumnChooser<Row>({ columns, shown, onChange }: ChooserProps<Row>) {
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <Button variant="default" leftSection={<IconColumns3 size={16} aria-hidden />}>
          Columns
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Columns">
        <Stack gap="xs">
          {columns.map(({ id, header }, index) => (
            <Checkbox
              key={id}
              label={header}
              checked={shown.includes(id)}
              disabled={index === 0}
              onChange={({ currentTarget }) =>
                onChange(
                  columns
                    .map((column) => column.id)
                    .filter((each) => (each === id ? currentTarget.checked : shown.includes(each))),
                )
              }
            />
          ))}
          <Button size="compact-sm" variant="subtle" onClick={() => onChange(null)}>
            As at first
          </Button>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
