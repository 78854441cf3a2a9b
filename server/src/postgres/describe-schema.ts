import type { Database } from "./database.ts";
import { migrationTables } from "./migrate.ts";
import { rows } from "./query.ts";

/** The schemas that migrations fill; the job engine's own is its business. */
const schemas: readonly string[] = ["public", "stage"];

/**
 * The whole schema as text, read from the catalog: the same schema gives the same text, whatever migrations led to it. It reads
 * as SQL, is sorted by name, and is for people and for comparing, not for restoring. Committed as `server/schema.sql`.
 */
export async function generateSchemaText(database: Database): Promise<string> {
  const sections = [
    await extensions(database),
    await namedSchemas(database),
    await types(database),
    await relations(database),
    await sequences(database),
    await functions(database),
    await triggers(database),
    await comments(database),
  ];
  const head = "-- Generated from server/migrations by `npm run generate`; do not edit.\n";
  return `${[head, ...sections.flat()].join("\n").trimEnd()}\n`;
}

type Text = { readonly text: string };

async function texts(database: Database, query: string, params: readonly unknown[] = [schemas]): Promise<string[]> {
  return (await rows<Text>(database, query, params)).map(({ text }) => `${text}\n`);
}

async function extensions(database: Database): Promise<string[]> {
  const query = `select 'create extension ' || extname || ';' as text from pg_extension
    where extname <> 'plpgsql' order by extname`;
  return await texts(database, query, []);
}

async function namedSchemas(database: Database): Promise<string[]> {
  const query = `select 'create schema ' || quote_ident(nspname) || ';' as text from pg_namespace
    where nspname = any ($1) and nspname <> 'public' order by nspname`;
  return await texts(database, query);
}

// Objects that an extension brought are described by its name.
const ofNoExtension = (catalog: string, oid: string) => `not exists (
  select from pg_depend d where d.classid = '${catalog}'::regclass and d.objid = ${oid} and d.deptype = 'e')`;

async function types(database: Database): Promise<string[]> {
  const enums = `select 'create type ' || t.oid::regtype || ' as enum ('
      || string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) || ');' as text
    from pg_type t join pg_enum e on e.enumtypid = t.oid
    where t.typnamespace in (select oid from pg_namespace where nspname = any ($1)) and ${ofNoExtension("pg_type", "t.oid")}
    group by t.oid order by t.oid::regtype::text`;
  const domains = `select 'create domain ' || t.oid::regtype || ' as ' || format_type(t.typbasetype, t.typtypmod)
      || case when t.typnotnull then ' not null' else '' end
      || coalesce(' default ' || t.typdefault, '')
      || coalesce((select string_agg(' ' || pg_get_constraintdef(c.oid), '' order by c.conname)
           from pg_constraint c where c.contypid = t.oid and c.contype = 'c'), '') || ';' as text
    from pg_type t
    where t.typtype = 'd' and t.typnamespace in (select oid from pg_namespace where nspname = any ($1)) and ${ofNoExtension("pg_type", "t.oid")}
    order by t.oid::regtype::text`;
  return [...(await texts(database, enums)), ...(await texts(database, domains))];
}

/** Tables with their columns, constraints, indexes and statistics; views. */
async function relations(database: Database): Promise<string[]> {
  const query = `select r.kind, r.name, r.head, r.tail, r.definition,
      coalesce((${columns}), '{}') || coalesce((${constraints}), '{}') as parts,
      coalesce((${indexes}), '{}') as indexes
    from (
      select c.oid, c.relkind as kind, c.oid::regclass::text as name,
        case c.relpersistence when 'u' then 'create unlogged table ' else 'create table ' end as head,
        coalesce(' partition by ' || pg_get_partkeydef(c.oid), '')
          || coalesce(' partition of ' || (select i.inhparent::regclass from pg_inherits i where i.inhrelid = c.oid)
               || ' ' || pg_get_expr(c.relpartbound, c.oid), '')
          || coalesce(' with (' || array_to_string(c.reloptions, ', ') || ')', '') as tail,
        case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as definition
      from pg_class c
      where c.relnamespace in (select oid from pg_namespace where nspname = any ($1)) and c.relkind in ('r', 'p', 'v', 'm')
        and c.relname <> all ($2) and ${ofNoExtension("pg_class", "c.oid")}
    ) r order by r.name collate "C"`;
  const found = await rows<Relation>(database, query, [schemas, migrationTables]);
  return found.flatMap(relationTexts);
}

type Relation = {
  readonly kind: "r" | "p" | "v" | "m";
  readonly name: string;
  readonly head: string;
  readonly tail: string;
  readonly definition: string | null;
  readonly parts: readonly string[];
  readonly indexes: readonly string[];
};

const columns = `select array_agg(quote_ident(a.attname) || ' ' || format_type(a.atttypid, a.atttypmod)
      || case when a.attcollation <> t.typcollation
           then ' collate ' || (select quote_ident(l.collname) from pg_collation l where l.oid = a.attcollation) else '' end
      || case when a.attnotnull then ' not null' else '' end
      || case a.attidentity when 'a' then ' generated always as identity' when 'd' then ' generated by default as identity'
           else '' end
      || case a.attgenerated when '' then coalesce(' default ' || pg_get_expr(d.adbin, d.adrelid), '')
           when 's' then ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
           else ' generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') virtual' end
    order by a.attnum)
  from pg_attribute a join pg_type t on t.oid = a.atttypid left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped`;

// NOT NULL ('n' since PostgreSQL 18) is written at the column; constraint triggers ('t') with the triggers.
const constraints = `select array_agg('constraint ' || quote_ident(k.conname) || ' ' || pg_get_constraintdef(k.oid)
    order by position(k.contype in 'pufxc'), k.conname collate "C")
  from pg_constraint k where k.conrelid = r.oid and k.contype in ('p', 'u', 'f', 'x', 'c')`;

const indexes = `select array_agg(definition || ';' order by name collate "C") from (
    select x.indexrelid::regclass::text as name, pg_get_indexdef(x.indexrelid) as definition from pg_index x where x.indrelid = r.oid
      and not exists (select from pg_constraint k where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x'))
    union all
    select s.stxname, pg_get_statisticsobjdef(s.oid) from pg_statistic_ext s where s.stxrelid = r.oid) as described`;

function relationTexts(relation: Relation): string[] {
  if (relation.definition !== null) {
    const kind = relation.kind === "m" ? "materialized view" : "view";
    return [`create ${kind} ${relation.name} as\n${relation.definition}\n`, ...lines(relation.indexes)];
  }
  const body = relation.parts.map((part) => `  ${part}`).join(",\n");
  return [`${relation.head}${relation.name} (\n${body}\n)${relation.tail};\n`, ...lines(relation.indexes)];
}

function lines(statements: readonly string[]): string[] {
  return statements.length === 0 ? [] : [`${statements.join("\n")}\n`];
}

async function sequences(database: Database): Promise<string[]> {
  // A sequence of an identity column depends on it internally ('i') and is described there.
  const query = `select 'create sequence ' || c.oid::regclass || ' as ' || format_type(s.seqtypid, null)
      || ' start with ' || s.seqstart || ' increment by ' || s.seqincrement || ';' as text
    from pg_class c join pg_sequence s on s.seqrelid = c.oid
    where c.relnamespace in (select oid from pg_namespace where nspname = any ($1))
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'i')
    order by c.oid::regclass::text collate "C"`;
  return await texts(database, query);
}

async function functions(database: Database): Promise<string[]> {
  const query = `select rtrim(pg_get_functiondef(p.oid), E'\\n') || ';' as text from pg_proc p
    where p.pronamespace in (select oid from pg_namespace where nspname = any ($1)) and p.prokind in ('f', 'p') and ${ofNoExtension("pg_proc", "p.oid")}
    order by p.oid::regprocedure::text collate "C"`;
  return await texts(database, query);
}

async function triggers(database: Database): Promise<string[]> {
  const query = `select pg_get_triggerdef(t.oid) || ';' as text
    from pg_trigger t join pg_class c on c.oid = t.tgrelid
    where c.relnamespace in (select oid from pg_namespace where nspname = any ($1)) and not t.tgisinternal
    order by c.oid::regclass::text collate "C", t.tgname collate "C"`;
  return await texts(database, query);
}

async function comments(database: Database): Promise<string[]> {
  const query = `select 'comment on ' || case when d.objsubid = 0 then 'table ' || c.oid::regclass
        else 'column ' || c.oid::regclass || '.' || quote_ident(a.attname) end
      || ' is ' || quote_literal(d.description) || ';' as text
    from pg_description d join pg_class c on d.classoid = 'pg_class'::regclass and d.objoid = c.oid
      left join pg_attribute a on a.attrelid = c.oid and a.attnum = d.objsubid
    where c.relnamespace in (select oid from pg_namespace where nspname = any ($1)) order by c.oid::regclass::text collate "C", d.objsubid`;
  return lines((await texts(database, query)).map((text) => text.trimEnd()));
}
