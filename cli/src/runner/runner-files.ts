import { mkdir, readdir, stat } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { type JoinedRowsStore, openJoinedRows } from "@rollcall/vendor-http/run-locally/joined-rows-store.ts";
import type { Environment } from "../session.ts";
import { signInFile } from "../sign-in/sign-in-file.ts";

/** Where the enrolment is kept: beside what `rollcall login` keeps. */
export function enrolmentFile(environment: Environment): string {
  return join(dirname(signInFile(environment)), "runner.json");
}

/** Where rows of the run under way are kept, by https://specifications.freedesktop.org/basedir-spec. */
export function stateFolder({ XDG_STATE_HOME: folder }: Environment): string {
  const base = folder !== undefined && isAbsolute(folder) ? folder : join(homedir(), ".local", "state");
  return join(base, "rollcall", "runner");
}

/** No run lasts longer; what is older was left by a process that was killed. */
const oldestMilliseconds = 24 * 3_600_000;

/** Opens the rows of a run, for the owner's eyes only, and removes those that were forgotten. */
export async function openRows(environment: Environment, runId: string): Promise<JoinedRowsStore> {
  const folder = stateFolder(environment);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    if (!/^[0-9a-f-]{36}\.sqlite$/.test(name)) continue;
    const { mtimeMs } = await stat(file);
    if (mtimeMs < Date.now() - oldestMilliseconds) openJoinedRows(file).wipe();
  }
  return openJoinedRows(join(folder, `${runId}.sqlite`));
}
