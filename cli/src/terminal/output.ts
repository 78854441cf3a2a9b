import { styleText } from "node:util";

export type Style = "red" | "green" | "yellow" | "dim" | "bold";

/** Where a command's words go: results to the output, everything else to the error output. */
export type Output = {
  readonly json: boolean;
  /** A result: the value as JSON with --json, otherwise what `human` makes of it. */
  readonly result: (value: unknown, human: () => string) => void;
  /** A line beside the result. */
  readonly note: (line: string) => void;
  /** A hint for people; nothing with --json. */
  readonly hint: (line: string) => void;
  /** Columns of the terminal; Infinity where lines may have any length. */
  readonly width: number;
  /** In colour where the output is a terminal and NO_COLOR (https://no-color.org) is not set. */
  readonly paint: (text: string, style: Style | undefined) => string;
};

type Streams = {
  readonly output: NodeJS.WriteStream;
  readonly errorOutput: NodeJS.WriteStream;
  readonly environment: Readonly<Record<string, string | undefined>>;
};

export function createOutput({ output, errorOutput, environment }: Streams, json: boolean): Output {
  const note = (line: string) => void errorOutput.write(`${line}\n`);
  const coloured = output.isTTY === true && !environment.NO_COLOR && environment.TERM !== "dumb";
  return {
    json,
    result: (value, human) => {
      const text = json ? JSON.stringify(value, null, 2) : human();
      if (text !== "") output.write(`${text}\n`);
    },
    note,
    hint: (line) => {
      if (!json) note(line);
    },
    width: output.isTTY ? Math.max(40, output.columns || 80) : Number.POSITIVE_INFINITY,
    paint: (text, style) =>
      coloured && style !== undefined ? styleText(style, text, { validateStream: false }) : text,
  };
}
