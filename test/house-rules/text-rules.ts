import type { Source } from "./source.ts";

/** Rules about any text of the repository. */

const machinePath = /(?<![\w.:/)}-])\/(home\/\w|root\/|Users\/\w+\/|work\/)|[A-Za-z]:\\Users\\/;
const registryHost =
  /\b(registry|npm|artifacts?|nexus|artifactory)\.[\w-]+\.[a-z]{2,}|\bunpkg\.com|"resolved": "https?:/;

/** The repository knows nothing of the machine it was written on, nor of where its packages were fetched from. */
export function findMachineTraces(sources: readonly Source[]): readonly string[] {
  return sources.flatMap(({ path, text }) =>
    text.split("\n").flatMap((line, index) => {
      const found = machinePath.exec(line) ?? registryHost.exec(line);
      return found === null ? [] : [`${path}:${index + 1} names ${found[0]}.`];
    }),
  );
}

/** Migrations are called `000001_name.sql`, and no number comes twice: their order is that of the numbers. */
export function findMisnumberedMigrations(sources: readonly Source[]): readonly string[] {
  const numbers = new Set<string>();
  return sources
    .filter(({ path }) => path.startsWith("server/migrations/"))
    .flatMap(({ path }) => {
      const number = /\/(\d{6})_[a-z0-9_]+\.sql$/.exec(path)?.[1];
      if (number === undefined) {
        return [`${path} is not named like 000001_name.sql.`];
      }
      const taken = numbers.has(number);
      numbers.add(number);
      return taken ? [`${path} has a number that another migration has.`] : [];
    });
}
