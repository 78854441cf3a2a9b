import type { ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { createGzip } from "node:zlib";
import type { DeliveryFault } from "../faults/fault.ts";
import type { Answer } from "./answer.ts";

type Delivery = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number>>;
  readonly bytes: Buffer;
};

/**
 * Writes an answer, spoilt by the delivery faults in their order. Settles when there is nothing left to write, which
 * for a hanging answer is at once.
 */
export async function deliver(
  response: ServerResponse,
  answer: Answer,
  headers: Readonly<Record<string, string>>,
  faults: readonly DeliveryFault[],
): Promise<void> {
  const bytes = Buffer.from(answer.body);
  let delivery: Delivery = {
    status: answer.status,
    headers: { "content-type": answer.contentType, "content-length": bytes.length, ...headers, ...answer.headers },
    bytes,
  };
  for (const fault of faults) {
    const outcome = await spoil(response, delivery, fault);
    if (outcome === "delivered") return;
    delivery = outcome;
  }
  response.writeHead(delivery.status, delivery.headers);
  response.end(delivery.bytes);
}

async function spoil(
  response: ServerResponse,
  delivery: Delivery,
  fault: DeliveryFault,
): Promise<Delivery | "delivered"> {
  const { status, headers, bytes } = delivery;
  const half = bytes.subarray(0, Math.floor(bytes.length / 2));
  switch (fault.kind) {
    case "slow":
      if (fault.chunks === undefined) {
        await sleep(fault.delayMs);
        return response.destroyed ? "delivered" : delivery;
      }
      response.writeHead(status, headers);
      await drip(response, bytes, fault.chunks, fault.delayMs);
      return "delivered";
    case "reset":
      if (fault.when === "mid-body") await writePart(response, delivery, half);
      response.socket?.resetAndDestroy();
      return "delivered";
    case "hang":
      if (fault.when === "mid-body") await writePart(response, delivery, half);
      return "delivered";
    case "truncate":
      if (fault.contentLength !== "lying") {
        return { ...delivery, bytes: half, headers: { ...headers, "content-length": half.length } };
      }
      await writePart(response, delivery, half);
      response.socket?.end();
      return "delivered";
    case "content-type":
      return { ...delivery, headers: { ...headers, "content-type": fault.value } };
    case "invalid-utf8": {
      const broken = Buffer.from(bytes);
      const inAText = broken.indexOf('":"');
      if (inAText >= 0) broken[inAText + 3] = 0xff;
      return { ...delivery, bytes: broken };
    }
    case "oversized":
      await writeOversized(response, delivery, fault);
      return "delivered";
  }
}

async function drip(response: ServerResponse, bytes: Buffer, chunks: number, delayMs: number): Promise<void> {
  const size = Math.max(1, Math.ceil(bytes.length / chunks));
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    await sleep(delayMs);
    response.write(bytes.subarray(at, at + size));
  }
  response.end();
}

/** Headers for the whole, bytes for a part; settles when they are handed to the operating system. */
async function writePart(response: ServerResponse, { status, headers }: Delivery, part: Buffer): Promise<void> {
  response.writeHead(status, headers);
  await new Promise<void>((resolve) => response.write(part, () => resolve()));
}

/** The same JSON with a member of padding in front, streamed, so that it costs the sandbox no memory. */
async function writeOversized(
  response: ServerResponse,
  { status, headers, bytes }: Delivery,
  fault: DeliveryFault & { kind: "oversized" },
): Promise<void> {
  const { "content-length": _length, ...others } = headers;
  const gzip = fault.encoding === "gzip";
  response.writeHead(status, gzip ? { ...others, "content-encoding": "gzip" } : others);
  const body = Readable.from(paddedBody(bytes, fault.megabytes));
  const encoded = gzip ? body.pipe(createGzip()) : body;
  await new Promise<void>((resolve) => {
    response.on("close", () => {
      body.destroy();
      encoded.destroy();
      resolve();
    });
    encoded.pipe(response);
  });
}

function* paddedBody(bytes: Buffer, megabytes: number): Generator<Buffer> {
  const chunk = Buffer.alloc(1024 * 1024, "x");
  yield Buffer.from('{"padding":"');
  for (let sent = 0; sent < megabytes; sent++) yield chunk;
  yield Buffer.concat([Buffer.from('",'), bytes.subarray(1)]);
}
