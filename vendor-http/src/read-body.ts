import type { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";

/** What `Accept-Encoding` offers. */
export const ACCEPTED_ENCODINGS = "gzip, br";

export type ReadBody =
  | { readonly kind: "whole"; readonly bytes: Buffer }
  | { readonly kind: "too-large" }
  | { readonly kind: "unknown-encoding" };

/**
 * Reads a body up to `maxBytes` after decompression and closes the connection on the first byte beyond, so that a small answer
 * cannot unpack into all of the memory. `onReceived` is told the bytes from the wire. Rejects with the stream's own error when the
 * body breaks off or cannot be decompressed.
 */
export async function readBody(
  source: Readable,
  encoding: string | undefined,
  maxBytes: number,
  onReceived: (bytes: number) => void,
): Promise<ReadBody> {
  const decompress = decoderOf(encoding);
  if (decompress === "unknown") {
    source.on("error", () => undefined).destroy();
    return { kind: "unknown-encoding" };
  }
  const chunks: Buffer[] = [];
  const tooLarge = new Error("The body is larger than the limit.");
  let length = 0;

  const counted = async function* (stream: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      onReceived(chunk.length);
      yield chunk;
    }
  };
  const collect = async (stream: AsyncIterable<Buffer>): Promise<void> => {
    for await (const chunk of stream) {
      length += chunk.length;
      if (length > maxBytes) throw tooLarge;
      chunks.push(chunk);
    }
  };
  try {
    if (decompress === null) await pipeline(source, counted, collect);
    else await pipeline(source, counted, decompress, collect);
  } catch (error) {
    if (error === tooLarge) return { kind: "too-large" };
    throw error;
  }
  return { kind: "whole", bytes: Buffer.concat(chunks) };
}

function decoderOf(encoding: string | undefined): Transform | null | "unknown" {
  switch (encoding?.trim().toLowerCase() ?? "") {
    case "":
    case "identity":
      return null;
    case "gzip":
    case "x-gzip":
      return createGunzip();
    case "br":
      return createBrotliDecompress();
    case "deflate":
      return createInflate();
    default:
      return "unknown";
  }
}
