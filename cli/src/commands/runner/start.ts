import { parseEgressAllow } from "@rollcall/vendor-http/egress-policy.ts";
import type { Command } from "commander";
import { exitCodes } from "../../exit-codes.ts";
import { findEnrolment } from "../../runner/find-enrolment.ts";
import { type KeychainStore, keychainStores } from "../../runner/keychain.ts";
import { type RunReport, runRunner } from "../../runner/run-runner.ts";
import { createRunnerApi } from "../../runner/runner-api.ts";
import { showReading } from "../../runner/show-reading.ts";
import type { Session } from "../../session.ts";
import { printable } from "../../terminal/text.ts";
import { wrongUse } from "../../wrong-use.ts";
import { verb } from "../verb.ts";

type Options = { readonly keyFile?: string; readonly keychain?: string | true; readonly once?: boolean };

export function addRunnerStart(runner: Command, session: Session): void {
  verb(runner, "start", "Reads vendors on this machine for the runs that the server has, until it is stopped")
    .option("--key-file <file>", "credentials as JSON, for the owner's eyes only (default ROLLCALL_CREDENTIAL_FILE)")
    .option(
      "--keychain [store]",
      "credentials from the keychain, system or keyutils (default ROLLCALL_CREDENTIAL_KEYCHAIN)",
    )
    .option("--once", "end when no run waits")
    .addHelpText("after", help)
    .action(async ({ keyFile, keychain, once = false }: Options) => {
      const { environment, out } = session;
      const enrolment = await findEnrolment(environment);
      const egress = parseEgressAllow(environment.ROLLCALL_EGRESS_ALLOW ?? "");
      using stopping = untilStopped();
      using reading = showReading(session);
      if (!once) reading.note(`Waiting for runs of ${enrolment.url}.`);
      await runRunner({
        environment,
        keyFile: keyFile ?? (environment.ROLLCALL_CREDENTIAL_FILE || null),
        keychain: chosenKeychain(keychain ?? (environment.ROLLCALL_CREDENTIAL_KEYCHAIN || null)),
        api: createRunnerApi(enrolment, reading.note),
        egress,
        once,
        begun: ({ integration }) => reading.note(`Reading ${integration.name}.`),
        progress: reading.show,
        ended: (report) => {
          reading.clear();
          out.result(report, () => describe(report));
          if (once && report.outcome === "failed") session.endWith(exitCodes.failed);
        },
        signal: stopping.signal,
      });
    });
}

const help = `
Environment:
  ROLLCALL_CREDENTIAL_CLIENT_ID, ROLLCALL_CREDENTIAL_CLIENT_SECRET
                            the credential, one variable for each of its values
  ROLLCALL_CREDENTIAL_HOSTS the only hosts it is sent to, separated by commas
  ROLLCALL_CREDENTIAL_FILE  a key file, for several integrations
  ROLLCALL_CREDENTIAL_KEYCHAIN
                            system or keyutils: the keychain, filled by rollcall runner store-credential
  ROLLCALL_EGRESS_ALLOW     private hosts, addresses or ranges where vendors may be
  ROLLCALL_RUNNER_TOKEN     with ROLLCALL_URL, in place of an enrolment on this machine`;

function chosenKeychain(typed: string | true | null): KeychainStore | null {
  if (typed === null) return null;
  const store = keychainStores.find((each) => each === (typed === true ? "system" : typed));
  if (store === undefined) throw wrongUse(`The keychain is one of ${keychainStores.join(", ")}.`);
  return store;
}

function describe({ integration, outcome, detail, runId }: RunReport): string {
  const sentence = {
    read: "was read; the server goes on with it.",
    cancelled: "was cancelled.",
    lost: "goes on elsewhere.",
    "given-back": "was given back.",
    failed: "could not be read.",
  }[outcome];
  return printable(`${integration} ${sentence}${detail === null ? "" : ` ${detail}`} Run ${runId}`);
}

/** The first SIGINT or SIGTERM stops calmly; a second one ends the process. */
function untilStopped(): Disposable & { readonly signal: AbortSignal } {
  const controller = new AbortController();
  const stop = (): void => controller.abort(new Error("The runner was stopped."));
  const signals = ["SIGINT", "SIGTERM"] as const;
  for (const name of signals) process.once(name, stop);
  return {
    signal: controller.signal,
    [Symbol.dispose]: () => {
      for (const name of signals) process.off(name, stop);
    },
  };
}
