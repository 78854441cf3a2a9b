import { totalmem } from "node:os";

/** Settings of PostgreSQL by name, as on its command line. */
export type PostgresSettings = Readonly<Record<string, string>>;

/**
 * A company's installation on a small machine: 4 GB of memory, one disk. Measured with a million people: merge 9.8 s, diff
 * 4.4 s. `wal_compression` is PostgreSQL's own method, since the packaged build has no lz4.
 */
export const defaultSettings: PostgresSettings = {
  shared_buffers: `${sharedMegabytes(totalmem(), process.constrainedMemory())}MB`,
  work_mem: "32MB",
  maintenance_work_mem: "128MB",
  max_wal_size: "2GB",
  checkpoint_timeout: "15min",
  max_connections: "60",
  wal_compression: "on",
  // Rows found all over a table are in memory or on a disk that seeks in no time: not four times as dear as rows in order.
  random_page_cost: "1.1",
  jit: "off",
  timezone: "UTC",
  log_timezone: "UTC",
};

/**
 * An eighth of the memory that this process may use (a container's, where it has a limit), in megabytes: half of what PostgreSQL's
 * manual gives to a machine of its own. 2 GB hold the inventory of a million people with its indexes.
 *
 * @param limit 0 where the system tells of none (Node.js documentation, process.constrainedMemory)
 */
export function sharedMegabytes(total: number, limit: number): number {
  const memory = limit === 0 ? total : Math.min(total, limit);
  return Math.min(2_048, Math.max(128, Math.floor(memory / 8 / 2 ** 20)));
}

/** For throw-away databases: a killed server loses the commits of its last half second, a lost machine the whole database. */
export const withoutFsync: PostgresSettings = { fsync: "off", synchronous_commit: "off", full_page_writes: "off" };

/** The settings as arguments of `postgres`. */
export function settingArguments(settings: PostgresSettings): readonly string[] {
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}
