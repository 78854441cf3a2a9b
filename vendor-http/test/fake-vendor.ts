import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { parseEgressAllow } from "../src/egress-policy.ts";
import { openVendorClient, type VendorClient, type VendorClientOptions } from "../src/vendor-client.ts";
import { instantClock } from "./instant-clock.ts";

export type Handler = (request: IncomingMessage & { readonly text: string }, response: ServerResponse) => void;

export type FakeVendor = {
  readonly origin: string;
  readonly host: string;
  readonly port: number;
  /** Every request that arrived, in order. */
  readonly seen: readonly (IncomingMessage & { readonly text: string })[];
  /** How many connections were opened. */
  readonly connections: () => number;
};

/** Runs a test against a real server on 127.0.0.1 that answers as `handler` says, and closes all of it afterwards. */
export async function withVendor<T>(handler: Handler, test: (vendor: FakeVendor) => Promise<T>): Promise<T> {
  const seen: (IncomingMessage & { readonly text: string })[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    response.sendDate = false;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const whole = Object.assign(request, { text: Buffer.concat(chunks).toString("utf8") });
    seen.push(whole);
    handler(whole, response);
  });
  server.on("connection", () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  try {
    return await test({ origin: `http://${host}`, host, port, seen, connections: () => connections });
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A client that may reach 127.0.0.1, waits in no time and always takes the whole of a back-off. */
export async function withClient<T>(
  options: Partial<VendorClientOptions>,
  test: (client: VendorClient) => Promise<T>,
): Promise<T> {
  const client = openVendorClient({
    policy: parseEgressAllow("127.0.0.1"),
    clock: instantClock(),
    random: () => 0.999,
    ...options,
  });
  try {
    return await test(client);
  } finally {
    await client[Symbol.asyncDispose]();
  }
}

export function sendJson(
  response: ServerResponse,
  value: unknown,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
}

export const never = new AbortController().signal;
