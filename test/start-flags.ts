import { readFileSync } from "node:fs";

/** Node's own flags under which `npm start` runs the product, so that what is measured and killed is what people run. */
export function startFlags(): string[] {
  const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as {
    readonly scripts: { readonly start: string };
  };
  const flags = /node ((?:--\S+ )+)server\/start\.js$/.exec(manifest.scripts.start)?.[1]?.trim().split(" ");
  if (flags === undefined) throw new Error("package.json's start script no longer ends with `node … server/start.js`.");
  return flags;
}
