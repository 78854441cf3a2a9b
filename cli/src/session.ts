import { type Api, createApi } from "./api/api.ts";
import { type ExitCode, exitCodes } from "./exit-codes.ts";
import { findServer } from "./sign-in/find-server.ts";
import { createOutput, type Output } from "./terminal/output.ts";

/** What a process gives a command. */
export type Surroundings = {
  readonly environment: Environment;
  readonly input: NodeJS.ReadStream;
  readonly output: NodeJS.WriteStream;
  readonly errorOutput: NodeJS.WriteStream;
};

export type Environment = Readonly<Record<string, string | undefined>>;

/** What every command works with. */
export type Session = Surroundings & {
  readonly out: Output;
  /** The server to ask. Throws ProductError `cli.not_signed_in` when there is no token for it. */
  readonly api: () => Promise<Api>;
  /** For outcomes that are no errors but not what was hoped for. */
  readonly endWith: (code: ExitCode) => void;
  readonly exitCode: () => ExitCode;
};

export function openSession(surroundings: Surroundings, json: boolean): Session {
  let ending: ExitCode = exitCodes.done;
  return {
    ...surroundings,
    out: createOutput(surroundings, json),
    api: async () => createApi(await findServer(surroundings.environment)),
    endWith: (code) => {
      ending = code;
    },
    exitCode: () => ending,
  };
}
