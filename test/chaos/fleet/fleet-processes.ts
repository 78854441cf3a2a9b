import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type ApiAnswer, callApi } from "@rollcall/server/test/call-api.ts";
import { must } from "@rollcall/server/test/rollcall-client.ts";
import { type ProductProcess, startProduct } from "../product-process.ts";
import { pick, type Random } from "./seeded.ts";

export type FleetRole = "server" | "worker";

/** Servers and workers of one product, each a process of its own, on one external database. */
export type Fleet = AsyncDisposable & {
  /** SIGKILL to a living process of the role, and a new one in its place; resolves when that is ready. */
  readonly kill: (role: FleetRole, random: Random) => Promise<void>;
  /** The same to every living process of the role at once. */
  readonly killAll: (role: FleetRole) => Promise<void>;
  readonly kills: () => Readonly<Record<FleetRole, number>>;
  /** Calls the living servers in turn, and fails when the one that is called dies meanwhile. */
  readonly call: <Body>(method: string, path: string, body?: unknown) => Promise<ApiAnswer<Body>>;
  /** A call that is expected to succeed. */
  readonly ask: <Body>(method: string, path: string, body?: unknown) => Promise<Body>;
};

export type FleetOptions = {
  readonly servers: number;
  readonly workers: number;
  readonly environment: Readonly<Record<string, string>>;
};

type Place = { readonly role: FleetRole; process: ProductProcess | null };

/** Starts all at once, as on the first day of an installation: they share the making of the database. */
export async function startFleet({ servers, workers, environment }: FleetOptions): Promise<Fleet> {
  const token = randomBytes(24).toString("hex");
  const start = (role: FleetRole): Promise<ProductProcess> =>
    startProduct({ ROLLCALL_API_TOKEN: token, ...environment, ROLLCALL_ROLE: role });
  const places = await Promise.all(
    [...Array<FleetRole>(servers).fill("server"), ...Array<FleetRole>(workers).fill("worker")].map(
      async (role): Promise<Place> => ({ role, process: await start(role) }),
    ),
  );
  const kills = { server: 0, worker: 0 };
  const living = (role: FleetRole): readonly Place[] => places.filter((at) => at.role === role && at.process !== null);
  const replace = async (place: Place): Promise<void> => {
    const victim = place.process;
    if (victim === null) return;
    place.process = null;
    kills[place.role] += 1;
    await victim.kill();
    place.process = await start(place.role);
  };
  let calls = 0;
  const serverUrl = async (): Promise<string> => {
    for (;;) {
      const servers = living("server");
      const url = servers[calls++ % servers.length]?.process?.url;
      if (url) return url;
      await sleep(20);
    }
  };
  const call = async <Body>(method: string, path: string, body?: unknown): Promise<ApiAnswer<Body>> =>
    await callApi<Body>(await serverUrl(), token, method, path, body);
  return {
    call,
    ask: (method, path, body) => must(call(method, path, body)),
    kill: async (role, random) => {
      const place = pick(random, living(role));
      if (place !== undefined) await replace(place);
    },
    killAll: async (role) => void (await Promise.all(living(role).map(replace))),
    kills: () => ({ ...kills }),
    [Symbol.asyncDispose]: async () =>
      void (await Promise.all(places.map(async ({ process }) => await process?.[Symbol.asyncDispose]()))),
  };
}
