import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";

/** A file of the repository; `path` is relative to it, with `/`. The text of a picture or another binary is empty. */
export type Source = { readonly path: string; readonly text: string };

const binary = /\.(png|jpe?g|ico|gz|woff2?)$/;

/** All files of the repository, without what .gitignore names. */
export async function readSources(root: string): Promise<readonly Source[]> {
  const ignored = (await readFile(join(root, ".gitignore"), "utf8")).split("\n").filter((line) => line !== "");
  const isIgnored = (name: string): boolean =>
    name === ".git" || ignored.some((rule) => (rule.startsWith("*") ? name.endsWith(rule.slice(1)) : name === rule));
  const walk = async (folder: string): Promise<readonly string[]> => {
    const entries = (await readdir(join(root, folder), { withFileTypes: true })).filter(({ name }) => !isIgnored(name));
    const found = await Promise.all(
      entries.map(async (entry) => {
        const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
        return entry.isDirectory() ? await walk(path) : entry.isFile() ? [path] : [];
      }),
    );
    return found.flat();
  };
  const paths = (await walk("")).toSorted();
  return await Promise.all(
    paths.map(async (path) => ({ path, text: binary.test(path) ? "" : await readFile(join(root, path), "utf8") })),
  );
}

export function isTestFile(path: string): boolean {
  return /\.test\.tsx?$/.test(path);
}

/** The name of the file without folder. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
