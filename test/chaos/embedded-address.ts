import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { embeddedName } from "@rollcall/server/postgres/embedded/create-cluster.ts";
import { readPidFile } from "@rollcall/server/postgres/embedded/postmaster.ts";
import { connectionStringOf } from "@rollcall/server/postgres/embedded/start-embedded-postgres.ts";

/** The embedded server that another process runs on `dataDir`: its process, and the address for whoever may read the folder. */
export async function embeddedAddress(
  dataDir: string,
): Promise<{ readonly pid: number; readonly connectionString: string }> {
  const cluster = join(dataDir, "postgres");
  const lines = await readPidFile(cluster);
  const password = await readFile(join(cluster, "rollcall.password"), "utf8");
  return {
    pid: Number(lines?.[0]),
    connectionString: connectionStringOf({
      host: lines?.[4] || "127.0.0.1",
      port: Number(lines?.[3]),
      user: embeddedName,
      password,
      database: embeddedName,
    }),
  };
}
