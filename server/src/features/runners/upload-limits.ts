import { finished, type Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { uploadLimits } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { FastifyReply, FastifyRequest } from "fastify";

/** What keeps uploads from taking the memory of the server. Bodies are bounded by the route's own limit, before and after unpacking. */

/** Uploads under way at once in this process, whoever sends them; each is one body and what is made of it. */
const mostAtOnce = 4;

/**
 * One upload of a runner at a time; a second one is told to come again. An upload is over when its answer has been sent or its sender has
 * hung up, which the hooks of a route do not hear of once the whole body is here, and nothing is done for it any more.
 */
export function refuseManyUploads() {
  const underWay = new Map<FastifyRequest, { readonly runner: string; taking: Promise<unknown> }>();
  return {
    /** @throws ProductError `runner.busy` */
    begin: async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
      const runner = request.runner.id;
      if (underWay.size >= mostAtOnce || [...underWay.values()].some((other) => other.runner === runner)) {
        throw busy();
      }
      const upload = { runner, taking: Promise.resolve() };
      underWay.set(request, upload);
      finished(reply.raw, async () => {
        await upload.taking.catch(() => undefined);
        underWay.delete(request);
      });
    },
    /** Does the work of an upload that has begun. */
    take: async <T>(request: FastifyRequest, work: () => Promise<T>): Promise<T> => {
      const upload = underWay.get(request);
      // Its sender has hung up and may be sending it again.
      if (upload === undefined) throw busy();
      const taking = work();
      upload.taking = taking;
      return await taking;
    },
  };
}

function busy(): ProductError {
  return new ProductError("runner.busy", "Another upload is being taken; send this one again in a second.", {
    details: { retryAfterSeconds: 1 },
  });
}

/** Unpacks what is sent with `content-encoding: gzip`; Fastify counts the bytes on both sides of it. */
export async function unpackUpload(request: FastifyRequest, _reply: unknown, payload: Readable): Promise<Readable> {
  const encoding = request.headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") {
    return payload;
  }
  if (encoding !== "gzip") {
    throw new ProductError("request.unsupported_media_type", "Uploads are sent plain or with content-encoding: gzip.");
  }
  const unpacked = Object.assign(createGunzip(), { receivedEncodedLength: 0 });
  payload.on("data", (chunk: Buffer) => {
    unpacked.receivedEncodedLength += chunk.length;
  });
  payload.on("error", (error) => unpacked.destroy(error));
  return payload.pipe(unpacked);
}

/**
 * Counts before the schema looks at every part: what it would say of a million wrong records would be more than the records.
 *
 * @throws ProductError `request.invalid`
 */
export async function refuseOversize({ body }: FastifyRequest): Promise<void> {
  const pages = listOf(body, "pages");
  let records = 0;
  let problems = 0;
  for (const page of pages.slice(0, uploadLimits.pages + 1)) {
    const found = listOf(page, "records");
    records += found.length;
    const parents = partOf(page, "parents");
    for (const parent of isObject(parents) ? Object.values(parents) : []) records += listOf(parent, "values").length;
    if (records > uploadLimits.records) break;
    for (const record of found) {
      problems += listOf(record, "problems").length + listOf(record, "others").length;
      problems += listOf(record, "notCreatable").length + listOf(record, "unjoined").length;
    }
  }
  if (pages.length > uploadLimits.pages || records > uploadLimits.records || problems > uploadLimits.records) {
    const most = `at most ${uploadLimits.pages} pages and ${uploadLimits.records} records`;
    throw new ProductError("request.invalid", `The upload is too large: it may hold ${most}.`, {
      problems: [{ pointer: "/pages", message: `must hold ${most}` }],
    });
  }
}

function partOf(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = partOf(value, name);
  return Array.isArray(list) ? list : [];
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
