import { createInterface } from "node:readline";
import { Writable } from "node:stream";
import { ProductError } from "@rollcall/core/errors.ts";

/** Where somebody is asked; questions go to the error output, so that the output holds results alone. */
type Desk = { readonly input: NodeJS.ReadableStream; readonly errorOutput: NodeJS.WritableStream };

/**
 * Asks for one line; without echo when it is secret.
 *
 * @throws ProductError `cli.cancelled` on Ctrl-C or the end of the input
 */
export async function ask({ input, errorOutput }: Desk, question: string, { secret = false } = {}): Promise<string> {
  const reader = createInterface({
    input,
    output: secret ? silence() : errorOutput,
    terminal: true,
    historySize: 0,
  });
  if (secret) errorOutput.write(question);
  const answer = await new Promise<string | null>((resolve) => {
    reader.once("line", resolve);
    reader.once("close", () => resolve(null));
    reader.once("SIGINT", () => reader.close());
    if (secret) return;
    reader.setPrompt(question);
    reader.prompt();
  });
  reader.close();
  if (secret || answer === null) errorOutput.write("\n");
  if (answer === null) throw new ProductError("cli.cancelled", "The question was not answered.");
  return answer.trim();
}

function silence(): Writable {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
