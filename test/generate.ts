import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { makeGeneratedFiles } from "./generated/generated-files.ts";

/** `npm run generate`: writes the committed files that are made from the sources, and says which changed. */

for (const { path, text } of await makeGeneratedFiles()) {
  const file = join(import.meta.dirname, "..", path);
  const before = await readFile(file, "utf8").catch(() => undefined);
  if (before !== text) {
    await writeFile(file, text);
  }
  console.log(`${before === text ? "unchanged" : "written  "}  ${path}`);
}
