import { chmod, chown, mkdir, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import type { LaunchPlan } from "./launch-plan.ts";

/** Where clients reach the server: a socket in a folder that nobody else can enter, on Windows a port of the machine itself. */
export type Endpoint = {
  /** The folder of the socket, or 127.0.0.1. */
  readonly host: string;
  readonly port: number;
  /** The settings that make PostgreSQL listen there and nowhere else. */
  readonly settings: Readonly<Record<string, string>>;
};

export async function openEndpoint(plan: LaunchPlan): Promise<Endpoint> {
  if (process.platform === "win32") {
    const port = await freePort();
    return { host: "127.0.0.1", port, settings: { listen_addresses: "127.0.0.1", port: String(port) } };
  }
  const host = await socketFolder(plan);
  const settings = {
    listen_addresses: "",
    port: String(socketPort),
    unix_socket_directories: host,
    unix_socket_permissions: "0700",
  };
  return { host, port: socketPort, settings };
}

/** Removes the folder of a socket if it is one that had to be made outside the data folder. */
export async function removeTemporarySocketFolder(folder: string): Promise<void> {
  if (basename(folder).startsWith(temporaryPrefix)) {
    await rm(folder, { recursive: true, force: true });
  }
}

// Only the name of the socket file depends on it.
const socketPort = 5432;
const temporaryPrefix = "rollcall-pg-";

// sun_path of sockaddr_un, with its closing NUL: 108 bytes on Linux, 104 on macOS.
const longestSocketPath = 103;

async function socketFolder(plan: LaunchPlan): Promise<string> {
  const folder = join(dirname(plan.clusterFolder), "socket");
  if (fits(folder)) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await secure(folder, plan);
  }
  const temporary = join(tmpdir(), temporaryPrefix);
  return await secure(await mkdtemp(fits(`${temporary}XXXXXX`) ? temporary : join("/tmp", temporaryPrefix)), plan);
}

function fits(folder: string): boolean {
  return Buffer.byteLength(`${folder}/.s.PGSQL.${socketPort}`) <= longestSocketPath;
}

async function secure(folder: string, { runAs }: LaunchPlan): Promise<string> {
  await chmod(folder, 0o700);
  if (process.getuid?.() === 0) {
    await chown(folder, runAs?.uid ?? 0, runAs?.gid ?? 0);
  }
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") {
    throw new Error("No free port on 127.0.0.1.");
  }
  return address.port;
}
