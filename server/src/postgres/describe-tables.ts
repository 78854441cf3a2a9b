import type { Database } from "./database.ts";
import { migrationTables } from "./migrate.ts";
import { rows } from "./query.ts";

/**
 * The tables of the schema `public` as TypeScript types for Kysely, read from the catalog. A check like
 * `status in ('active', 'inactive')` becomes a union of those words. Committed as `server/src/postgres/tables.ts`.
 */
export async function generateTableTypes(database: Database): Promise<string> {
  const columns = await readColumns(database);
  const tables = [...new Set(columns.map(({ table }) => table))];
  const types = tables.map((table) =>
    tableType(
      table,
      columns.filter((column) => column.table === table),
    ),
  );
  const index = tables.map((table) => `  readonly ${table}: ${typeName(table)};`).join("\n");
  const helpers = helperTypes
    .filter(({ name }) => new RegExp(`\\b${name}\\b`).test(types.join("")))
    .map(({ text }) => text);
  const imports = helpers.join("").includes("ColumnType") ? ['import type { ColumnType } from "kysely";\n'] : [];
  return [
    "// biome-ignore-all format: generated from server/migrations by `npm run generate`; do not edit.",
    ...imports,
    `/** The tables by name, as Kysely sees them. */\nexport type Tables = {\n${index}\n};\n`,
    ...helpers,
    ...types,
  ].join("\n");
}

type Column = {
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly written: "always by us" | "may be left out" | "never";
  /** The words that a check allows, quoted as in SQL and separated by commas; null when any value will do. */
  readonly words: string | null;
};

async function readColumns(database: Database): Promise<readonly Column[]> {
  return await rows<Column>(
    database,
    `select c.relname as table, a.attname as column, format_type(a.atttypid, null) as type, not a.attnotnull as nullable,
      case when a.attgenerated <> '' or a.attidentity = 'a' or c.relkind in ('v', 'm') then 'never'
        when a.atthasdef or a.attidentity = 'd' then 'may be left out' else 'always by us' end as written,
      (select (regexp_match(pg_get_constraintdef(k.oid), '^CHECK \\(\\(?\\w+ = ANY \\(ARRAY\\[([^\\]]+)\\]\\)\\)+$'))[1]
        from pg_constraint k where k.conrelid = c.oid and k.contype = 'c' and k.conkey = array[a.attnum]
          and pg_get_constraintdef(k.oid) like '%= ANY (ARRAY[%' order by k.conname limit 1) as words
    from pg_class c join pg_attribute a on a.attrelid = c.oid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
      and a.attnum > 0 and not a.attisdropped and c.relname <> all ($1)
    order by c.relname collate "C", a.attnum`,
    [migrationTables],
  );
}

function tableType(table: string, columns: readonly Column[]): string {
  const fields = columns.map((column) => `  readonly ${column.column}: ${columnType(column)};`).join("\n");
  return `type ${typeName(table)} = {\n${fields}\n};\n`;
}

function columnType(column: Column): string {
  const base = baseType(column);
  const value = column.nullable ? `${base} | null` : base;
  switch (column.written) {
    case "never":
      return `Computed<${value}>`;
    case "may be left out":
      return `Defaulted<${value}>`;
    case "always by us":
      return value;
  }
}

function baseType({ type, words }: Column): string {
  const values = [...(words ?? "").matchAll(/'((?:[^']|'')*)'::text/g)].map(([, word = ""]) =>
    word.replaceAll("''", "'"),
  );
  if (values.length > 0) {
    return values.map((word) => JSON.stringify(word)).join(" | ");
  }
  return type.endsWith("[]") ? `${elementTypes[type.slice(0, -2)] ?? "string"}[]` : (scalarTypes[type] ?? "string");
}

const elementTypes: Readonly<Record<string, string>> = {
  boolean: "boolean",
  smallint: "number",
  integer: "number",
  real: "number",
  "double precision": "number",
  "timestamp with time zone": "Date",
};

/** As `type-parsers.ts` reads them. */
const scalarTypes: Readonly<Record<string, string>> = {
  ...elementTypes,
  bigint: "BigInteger",
  numeric: "BigInteger",
  "timestamp with time zone": "Timestamp",
  json: "Json",
  jsonb: "Json",
  bytea: "Buffer",
};

const helperTypes = [
  {
    name: "Defaulted",
    text: `/** May be left out: the database has a default. */
type Defaulted<T> = T extends ColumnType<infer S, infer I, infer U> ? ColumnType<S, I | undefined, U> : ColumnType<T, T | undefined, T>;
`,
  },
  {
    name: "Computed",
    text: `/** Set by the database alone. */
type Computed<T> = T extends ColumnType<infer S, infer _I, infer _U> ? ColumnType<S, never, never> : ColumnType<T, never, never>;
`,
  },
  {
    name: "BigInteger",
    text: "/** Arrives as text, since a double does not hold it. */\ntype BigInteger = ColumnType<string, string | number | bigint, string | number | bigint>;\n",
  },
  { name: "Timestamp", text: "type Timestamp = ColumnType<Date, Date | string, Date | string>;\n" },
  {
    name: "Json",
    text: "/** Arrives parsed; is written as text (`storableJson`), because the driver takes an array for a PostgreSQL array. */\ntype Json = ColumnType<unknown, string, string>;\n",
  },
];

function typeName(table: string): string {
  const words = table.split("_").map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join("")}Table`;
}
