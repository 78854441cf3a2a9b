import { readFile, writeFile } from "node:fs/promises";

const file = new URL("../docs/measured.json", import.meta.url);

/** What was measured of a promise, by its number: a sentence, and the day. */
export type Measured = Readonly<Record<string, { readonly measured: string; readonly on: string }>>;

/** The figures of docs/measured.json, which docs/reliability.md shows. */
export async function readMeasured(): Promise<Measured> {
  return JSON.parse(await readFile(file, "utf8")) as Measured;
}

/** Keeps what a benchmark or a nightly test measured, when ROLLCALL_RECORD is 1; `npm run generate` then puts it into the page. */
export async function recordMeasured(promise: string, sentence: string): Promise<void> {
  if (process.env.ROLLCALL_RECORD !== "1") return;
  const all = {
    ...(await readMeasured()),
    [promise]: { measured: sentence, on: new Date().toISOString().slice(0, 10) },
  };
  const sorted = Object.entries(all).sort(([one], [two]) => one.localeCompare(two, "en", { numeric: true }));
  await writeFile(file, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`);
}
