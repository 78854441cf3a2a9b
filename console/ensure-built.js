import { existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

// Builds the console when there is no build yet, or its sources are newer. Plain JavaScript, because it runs before anything else.

const folder = import.meta.dirname;
const built = join(folder, "dist", "index.html");
const sources = ["src", "public", "index.html", "vite.config.ts", "package.json", "../core/src"];

const newest = Math.max(...(await Promise.all(sources.map((source) => newestChange(join(folder, source))))));
if (!existsSync(built) || (await stat(built)).mtimeMs < newest) {
  const { build } = await import("vite");
  console.error("Building the console, once …");
  await build({ configFile: join(folder, "vite.config.ts"), logLevel: "error" });
}

/** The latest time of change of a file, or of any file below a folder, in milliseconds since 1970. */
async function newestChange(path) {
  const found = await stat(path);
  if (!found.isDirectory()) return found.mtimeMs;
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const times = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith(".test.ts"))
    .map(async (entry) => (await stat(join(entry.parentPath, entry.name))).mtimeMs);
  return Math.max(0, ...(await Promise.all(times)));
}
