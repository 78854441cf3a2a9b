import type { FloorTarget } from "./measure-floor.ts";

/** Changes the sandbox's users while it runs (sandbox/README.md). */
export type VendorControl = {
  /** Gives the first `count` users another name. */
  readonly rename: (count: number) => Promise<void>;
  /** Takes `count` users away, spread evenly over the list. */
  readonly remove: (count: number) => Promise<void>;
};

/** The id of the first generated user; the others follow one by one. */
const firstId = 1001;

export function vendorControl({ url }: FloorTarget): VendorControl {
  const call = async (method: string, path: string, body: unknown): Promise<void> => {
    const response = await fetch(`${url}/_sandbox${path}`, { method, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`the sandbox answered ${response.status} to ${method} ${path}`);
    await response.arrayBuffer();
  };
  return {
    rename: async (count) => {
      for (let n = 0; n < count; n += 1) {
        await call("PATCH", `/users/${firstId + n}`, { set: { name: `Renamed ${n}` } });
      }
    },
    remove: (count) => call("POST", "/users/remove", { count }),
  };
}
