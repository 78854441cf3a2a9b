import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer } from "smtp-server";

/** An e-mail as it came over the wire, quoted-printable undone. */
export type ReceivedEmail = {
  readonly to: readonly string[];
  readonly messageId: string;
  readonly subject: string;
  readonly raw: string;
};

/** For tests: a real SMTP server on this machine that keeps what it is sent. */
export type Mailbox = AsyncDisposable & {
  readonly url: string;
  readonly port: number;
  readonly received: readonly ReceivedEmail[];
  /** Refuses recipients with the answer's code and text; null takes everybody. */
  refusal: ((address: string) => { readonly code: number; readonly text: string } | null) | null;
  /** Runs when an e-mail has arrived, before the server says yes. */
  beforeYes: (() => Promise<void>) | null;
  readonly close: () => Promise<void>;
};

/** @param port 0 takes any free one */
export async function startMailbox(port = 0): Promise<Mailbox> {
  const received: ReceivedEmail[] = [];
  const server = new SMTPServer({
    disabledCommands: ["STARTTLS", "AUTH"],
    disableReverseLookup: true,
    // Connections that a test left open end with the server.
    closeTimeout: 50,
    onRcptTo: ({ address }, _session, callback) => {
      const refusal = mailbox.refusal?.(address) ?? null;
      callback(refusal === null ? null : Object.assign(new Error(refusal.text), { responseCode: refusal.code }));
    },
    onData: (stream, session, callback) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => void chunks.push(chunk));
      stream.on("end", async () => {
        received.push(
          parse(
            Buffer.concat(chunks).toString("utf8"),
            session.envelope.rcptTo.map(({ address }) => address),
          ),
        );
        await mailbox.beforeYes?.();
        callback(null);
      });
    },
  });
  server.on("error", () => undefined);
  server.listen(port, "127.0.0.1");
  await once(server.server, "listening");
  const address = server.server.address() as AddressInfo;
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => server.close(() => resolve()));
    return closed;
  };
  const mailbox: Mailbox = {
    url: `smtp://127.0.0.1:${address.port}`,
    port: address.port,
    received,
    refusal: null,
    beforeYes: null,
    close,
    [Symbol.asyncDispose]: close,
  };
  return mailbox;
}

function parse(wire: string, to: readonly string[]): ReceivedEmail {
  const end = wire.indexOf("\r\n\r\n");
  const head = wire.slice(0, end).replace(/\r\n[ \t]+/g, " ");
  const body = wire
    .slice(end)
    .replace(/=\r\n/g, "")
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll("=", ""), "hex").toString("utf8"));
  const header = (name: string): string => new RegExp(`^${name}: (.*?)\r?$`, "im").exec(head)?.[1] ?? "";
  return { to, messageId: header("message-id"), subject: header("subject"), raw: head + body };
}
