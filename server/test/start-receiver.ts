import { once } from "node:events";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

export type ReceivedPost = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** For tests: a real HTTP server on this machine that keeps what is posted to it. */
export type Receiver = AsyncDisposable & {
  readonly url: string;
  readonly received: readonly ReceivedPost[];
  /** What it answers; 200 unless a test says otherwise. */
  answer: { readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };
};

export async function startReceiver(): Promise<Receiver> {
  const received: ReceivedPost[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    received.push({ method: request.method ?? "", path: request.url ?? "", headers: request.headers, body });
    response.writeHead(receiver.answer.status, receiver.answer.headers).end(receiver.answer.body ?? "ok");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const receiver: Receiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    answer: { status: 200 },
    [Symbol.asyncDispose]: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
  return receiver;
}
