import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Listener = {
  /** `http://host:port`. */
  readonly origin: string;
  readonly close: () => Promise<void>;
};

/** A server on the loopback interface. Closing it drops every connection, also the ones that hang on purpose. */
export async function listen(options: {
  readonly port: number;
  readonly host: string;
  readonly onConnection: () => void;
  readonly answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
}): Promise<Listener> {
  const server = createServer({ keepAlive: true, keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
    options.answer(request, response).catch((cause: unknown) => {
      // A request that was cut off is the client's choice; anything else must be seen by the person who runs the sandbox.
      if (!request.destroyed || request.complete) console.error(cause);
      response.destroy();
    });
  });
  // A vendor has no time limit on slow clients that a test should meet by accident.
  server.requestTimeout = 0;
  server.on("connection", options.onConnection);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, resolve);
  });
  const { address, family, port } = server.address() as AddressInfo;
  return {
    origin: `http://${family === "IPv6" ? `[${address}]` : address}:${port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
