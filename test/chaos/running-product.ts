import { randomBytes } from "node:crypto";
import { openDatabase } from "@rollcall/server/postgres/database.ts";
import { rollcallClient } from "@rollcall/server/test/rollcall-client.ts";
import type { VendorProduct } from "@rollcall/server/test/vendor-world.ts";
import { type ProductProcess, startProduct } from "./product-process.ts";

/** The whole product in one process of its own, with a way to its API and one to its database. */
export type RunningProduct = VendorProduct & AsyncDisposable & { readonly process: ProductProcess };

type RunningProductOptions = {
  readonly environment: Readonly<Record<string, string>>;
  /** Asked once the product is ready: an embedded database has no address before. */
  readonly connectionString: () => Promise<string>;
};

const token = randomBytes(24).toString("hex");

export async function openProduct({ environment, connectionString }: RunningProductOptions): Promise<RunningProduct> {
  await using starting = new AsyncDisposableStack();
  const child = starting.use(
    await startProduct({
      ROLLCALL_API_TOKEN: token,
      ROLLCALL_EGRESS_ALLOW: "127.0.0.1",
      DATABASE_URL: "",
      ...environment,
    }),
  );
  const database = starting.use(
    openDatabase({ connectionString: await connectionString(), max: 5, applicationName: "test" }),
  );
  const url = child.url ?? "";
  const running = starting.move();
  return {
    ...rollcallClient({
      url,
      token,
      database,
      sandbox: { url: "", clientId: "sandbox-client", clientSecret: "sandbox-secret" },
    }),
    process: child,
    database,
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}
