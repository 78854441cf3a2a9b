import assert from "node:assert/strict";
import { ProductError } from "@rollcall/core/errors.ts";
import type { VendorClient, VendorClientOptions } from "@rollcall/vendor-http/vendor-client.ts";
import { type FakeVendor, type Handler, never, withClient, withVendor } from "./fake-vendor.ts";

export function withBoth(
  handler: Handler,
  options: Partial<VendorClientOptions>,
  run: (client: VendorClient, vendor: FakeVendor) => Promise<void>,
): Promise<void> {
  return withVendor(handler, (vendor) => withClient(options, (client) => run(client, vendor)));
}

export function get(client: VendorClient, vendor: FakeVendor, path = "/", signal: AbortSignal = never) {
  return client.requestJson({ method: "GET", url: vendor.origin + path, signal });
}

export async function rejection(promise: Promise<unknown>): Promise<ProductError> {
  const error = await promise.then(
    () => assert.fail("it was answered"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ProductError, String(error));
  return error;
}
