import type { ClientBase } from "pg";
import { lowerPriority } from "./lower-priority.ts";

/**
 * Lets the server process behind a connection compute only while others leave it time, so that a large run does not slow the screens
 * down. Only for a server on this machine and of this user; where the system refuses, the connection is like any other.
 */
export async function stepBack(client: ClientBase): Promise<void> {
  const { rows } = await client.query<{ pid: number }>("select pg_backend_pid() as pid");
  try {
    for (const { pid } of rows) await lowerPriority(pid);
  } catch {
    // A container may forbid it; then the screens are as slow during a run as they would be without this.
  }
}
