import { request as ask, createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";

/** Stands between two programs and keeps everything that the first says to the second, unpacked. */
export type RecordingProxy = AsyncDisposable & {
  readonly url: string;
  /** Request lines, headers and bodies. */
  readonly said: () => string;
};

export async function startRecordingProxy(target: string): Promise<RecordingProxy> {
  const said: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await buffer(request);
    const plain = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    said.push(`${request.method} ${request.url}`, JSON.stringify(request.headers), plain.toString("utf8"));
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const onward = ask(new URL(request.url ?? "/", target), { method: request.method ?? "GET", headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.on("error", () => response.destroy());
    response.once("close", () => onward.destroy());
    onward.end(body);
  });
  server.listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    said: () => said.join("\n"),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
