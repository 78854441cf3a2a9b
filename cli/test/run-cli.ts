import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

export type Way = {
  readonly url?: string;
  readonly token?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** What the standard input holds. */
  readonly input?: string;
  /** A program with its first arguments, which starts the command line in its place. */
  readonly launcher?: readonly string[];
  /** Called with everything written to the error output so far; the signal it gives is sent once. */
  readonly signalOn?: (stderr: string) => NodeJS.Signals | undefined;
};

const program = fileURLToPath(new URL("../src/rollcall.js", import.meta.url));

/** The command line as a process of its own, with a home of its own and nothing of this process' environment but PATH. */
export type Cli = AsyncDisposable & {
  readonly home: string;
  readonly run: (words: readonly string[], way?: Way) => Promise<Ended>;
};

export async function createCli(usual: Pick<Way, "url" | "token"> = {}): Promise<Cli> {
  const home = await mkdtemp(join(tmpdir(), "rollcall-cli-"));
  return {
    home,
    run: async (words, way = {}) => await run(home, words, { ...usual, ...way }),
    [Symbol.asyncDispose]: async () => await rm(home, { recursive: true }),
  };
}

async function run(
  home: string,
  words: readonly string[],
  { url = "", token = "", env = {}, input = "", launcher = [], signalOn }: Way,
): Promise<Ended> {
  const [command = process.execPath, ...before] = [...launcher, process.execPath];
  const child = spawn(command, [...before, program, ...words], {
    cwd: home,
    env: {
      PATH: process.env.PATH,
      HOME: home,
      ...(url === "" ? {} : { ROLLCALL_URL: url }),
      ...(token === "" ? {} : { ROLLCALL_TOKEN: token }),
      ...env,
    },
  });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  if (signalOn !== undefined) sendSignal(child, signalOn);
  const [[code], stdout, stderr] = await Promise.all([once(child, "close"), text(child.stdout), text(child.stderr)]);
  return { code: typeof code === "number" ? code : null, stdout, stderr };
}

function sendSignal(child: ReturnType<typeof spawn>, signalOn: NonNullable<Way["signalOn"]>): void {
  let written = "";
  let sent = false;
  child.stderr?.on("data", (chunk) => {
    written += String(chunk);
    const signal = sent ? undefined : signalOn(written);
    if (signal === undefined) return;
    sent = true;
    child.kill(signal);
  });
}
