import { copyInto } from "@rollcall/server/postgres/copy-into.ts";
import { copyRow } from "@rollcall/server/postgres/copy-row.ts";
import { openDatabase } from "@rollcall/server/postgres/database.ts";
import { startEmbeddedPostgres } from "@rollcall/server/postgres/embedded/start-embedded-postgres.ts";
import { inTransaction } from "@rollcall/server/postgres/transaction.ts";

export type FloorTarget = { readonly url: string; readonly clientId: string; readonly clientSecret: string };

export type Floor = { readonly pages: number; readonly parseSeconds: number; readonly copySeconds: number };

type Page = {
  readonly total_count: number;
  readonly data: readonly { readonly id: unknown; readonly account?: number }[];
};

/** Requests in flight, as many as the connector allows. */
const concurrent = 2;
const pageSize = 100;

/**
 * What no product can be quicker than: the same pages fetched and parsed, once without and once with every record copied raw, in one
 * COPY, into a table without an index. Uses the product's own database server and settings, while the product is stopped.
 */
export async function measureFloor(target: FloorTarget, dataDir: string): Promise<Floor> {
  await using postgres = await startEmbeddedPostgres({ dataDir });
  await using database = openDatabase({ connectionString: postgres.connectionString, max: 2 });
  const token = await mint(target);
  await database.query("drop table if exists floor; create table floor (record text)");

  const parse = await timed(async () => {
    let pages = 0;
    for await (const _page of readAll(target, token)) pages += 1;
    return pages;
  });
  const copy = await timed(() =>
    inTransaction(database, (transaction) =>
      copyInto(transaction, "copy floor (record) from stdin", rawRows(target, token)),
    ),
  );
  return { pages: parse.result, parseSeconds: parse.seconds, copySeconds: copy.seconds };
}

async function* rawRows(target: FloorTarget, token: string): AsyncGenerator<string> {
  for await (const page of readAll(target, token)) {
    yield page.data.map((record) => copyRow([JSON.stringify(record)])).join("");
  }
}

async function* readAll(target: FloorTarget, token: string): AsyncGenerator<Page> {
  const sites: { id: unknown; account?: number }[] = [];
  for await (const page of readList(target, token, "/v1.1/sites")) {
    sites.push(...page.data);
    yield page;
  }
  for (const site of sites) yield* readList(target, token, `/v1.1/sites/${site.id}/memberships`);
  for (const account of new Set(sites.map((site) => site.account))) {
    yield* readList(target, token, `/v1.1/accounts/${account}/members`);
  }
}

/** The first page tells the total; the others are asked for with a few in flight and handed out in order. */
async function* readList(target: FloorTarget, token: string, path: string): AsyncGenerator<Page> {
  const ask = async (page: number): Promise<Page> => {
    const response = await fetch(`${target.url}${path}?page=${page}&per_page=${pageSize}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    return (await response.json()) as Page;
  };
  const first = await ask(1);
  yield first;
  const last = Math.ceil(first.total_count / pageSize);
  const asked: Promise<Page>[] = [];
  let next = 2;
  while (asked.length > 0 || next <= last) {
    while (asked.length < concurrent && next <= last) asked.push(ask(next++));
    const page = asked.shift();
    if (page) yield await page;
  }
}

async function mint({ url, clientId, clientSecret }: FloorTarget): Promise<string> {
  const response = await fetch(`${url}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "client_credentials", client_id: clientId, client_secret: clientSecret }),
  });
  return ((await response.json()) as { access_token: string }).access_token;
}

async function timed<Result>(work: () => Promise<Result>): Promise<{ result: Result; seconds: number }> {
  const began = performance.now();
  const result = await work();
  return { result, seconds: (performance.now() - began) / 1000 };
}
