import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { uploadLimits } from "@rollcall/core/contract/runners.ts";
import { ProductError } from "@rollcall/core/errors.ts";
import type { FastifyRequest } from "fastify";

/** What keeps uploads from taking the memory of the server. Bodies are bounded by the route's own limit, before and after unpacking. */

/** Uploads under way at once in this process, whoever sends them; each is one body and what is made of it. */
const mostAtOnce = 4;

/** One upload of a runner at a time; a second one is told to come again. */
export function refuseManyUploads() {
  const underWay = new Map<FastifyRequest, string>();
  const forget = async (request: FastifyRequest): Promise<void> => {
    underWay.delete(request);
  };
  return {
    begin: async (request: FastifyRequest): Promise<void> => {
      const { id } = request.runner;
      if (underWay.size >= mostAtOnce || [...underWay.values()].includes(id)) {
        throw new ProductError("runner.busy", "Another upload is being taken; send this one again in a second.", {
          details: { retryAfterSeconds: 1 },
        });
      }
      underWay.set(request, id);
    },
    end: forget,
    abort: forget,
  };
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
