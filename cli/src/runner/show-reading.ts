import type { LocalWork } from "@rollcall/vendor-http/run-locally/parse-work.ts";
import type { ReadingProgress } from "@rollcall/vendor-http/run-locally/read-and-upload.ts";
import type { Session } from "../session.ts";
import { counted, printable } from "../terminal/text.ts";

/** Shows how far a reading is: a line that is written over on a terminal, elsewhere one every ten seconds, nothing with --json. */
export type ReadingShown = Disposable & {
  readonly show: (work: LocalWork, facts: ReadingProgress) => void;
  readonly note: (line: string) => void;
  readonly clear: () => void;
};

const quietMilliseconds = 10_000;
const frameMilliseconds = 100;

export function showReading({ out, errorOutput }: Session, now: () => number = () => performance.now()): ReadingShown {
  const isTerminal = errorOutput.isTTY === true && !out.json;
  let shownAt = Number.NEGATIVE_INFINITY;
  const clear = (): void => {
    if (isTerminal) errorOutput.write("\r\u001b[2K");
    shownAt = Number.NEGATIVE_INFINITY;
  };
  return {
    show: (work, facts) => {
      if (out.json || now() - shownAt < (isTerminal ? frameMilliseconds : quietMilliseconds)) return;
      shownAt = now();
      const line = lineOf(work, facts);
      if (isTerminal) errorOutput.write(`\r\u001b[2K${line}`);
      else out.note(line);
    },
    note: (line) => {
      clear();
      out.hint(printable(line));
    },
    clear,
    [Symbol.dispose]: clear,
  };
}

function lineOf({ integration, manifest }: LocalWork, { stream, pages, records, total }: ReadingProgress): string {
  const label = manifest.streams[stream]?.label ?? stream;
  const users = stream === manifest.users && total !== null ? `${records} of ${total} users` : counted(records, "user");
  return printable(`${integration.name}: ${label}, ${counted(pages, "page")}, ${users}`);
}
