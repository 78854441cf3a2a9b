import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

/** Which commit is lost: of a transaction that holds such a statement; before PostgreSQL hears of it, or after it has done it. */
export type Loss = { readonly of: RegExp; readonly when: "before" | "after" };

export type LosingProxy = AsyncDisposable & {
  /** The database's address through the proxy. */
  readonly connectionString: string;
  /** Loses these commits, each once, in any order. */
  readonly lose: (losses: readonly Loss[]) => void;
  /** Losses that are still to come. */
  readonly toCome: () => readonly Loss[];
};

/**
 * Stands between a product and PostgreSQL and breaks a connection exactly at a commit. Everything else passes unchanged.
 */
export async function startLosingProxy(connectionString: string): Promise<LosingProxy> {
  const toCome: Loss[] = [];
  const address = new URL(connectionString);
  const host = decodeURIComponent(address.hostname);
  const port = Number(address.port || "5432");
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = host.startsWith("/") ? connect({ path: join(host, `.s.PGSQL.${port}`) }) : connect({ host, port });
    const cut = (): void => {
      client.destroy();
      upstream.destroy();
    };
    for (const socket of [client, upstream]) {
      open.add(socket);
      socket.on("error", cut);
      socket.on("close", () => {
        open.delete(socket);
        cut();
      });
    }
    let said = "";
    client.on("data", (chunk) => {
      // Only statements matter, so the bytes of values may be read as any characters.
      said = (said + chunk.toString("latin1")).slice(-rememberedLength);
      const ends = chunk.includes(commitMessage);
      const loss = ends ? toCome.find(({ of }) => of.test(said)) : undefined;
      if (ends) said = "";
      if (loss === undefined) {
        upstream.write(chunk);
        return;
      }
      toCome.splice(toCome.indexOf(loss), 1);
      if (loss.when === "before") {
        cut();
        return;
      }
      upstream.removeAllListeners("data");
      upstream.once("data", cut);
      upstream.write(chunk);
    });
    upstream.on("data", (chunk) => void client.write(chunk));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  address.hostname = "127.0.0.1";
  address.port = String((server.address() as AddressInfo).port);
  return {
    connectionString: address.href,
    lose: (losses) => void toCome.push(...losses),
    toCome: () => toCome,
    [Symbol.asyncDispose]: async () => {
      for (const socket of open) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

// A simple Query message (PostgreSQL, "Message Formats"): its type, its length with itself, its text, a zero.
const commitMessage = Buffer.from("Q\0\0\0\x0bcommit\0", "latin1");
const rememberedLength = 100_000;
