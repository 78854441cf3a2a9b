import { ProductError } from "@rollcall/core/errors.ts";
import { type Binaries, embeddedPackageFolder } from "./binaries.ts";
import { planAsNobody } from "./plan-as-nobody.ts";
import { planDirect } from "./plan-direct.ts";
import { planInUserNamespace } from "./plan-in-user-namespace.ts";

/** PostgreSQL refuses to run as root, so root has two ways to run it as somebody else. */
export type LaunchKind = "direct" | "user-namespace" | "nobody";

/** How PostgreSQL's programs are run here and where its data is. */
export type LaunchPlan = {
  readonly kind: LaunchKind;
  readonly binaries: Binaries;
  /** PostgreSQL's data folder itself, links resolved. */
  readonly clusterFolder: string;
  /** Put before a program and its arguments. */
  readonly prefix: readonly string[];
  /** The user of the system a program is started as, and whom its files must belong to; undefined: this process's own. */
  readonly runAs: SystemUser | undefined;
};

export type SystemUser = { readonly uid: number; readonly gid: number };

/** A plan that was tried out, or why it does not work here. */
export type PlanOutcome =
  | { readonly kind: "usable"; readonly plan: LaunchPlan }
  | { readonly kind: "unusable"; readonly reason: string };

/** What the plans need to know; the folders can be set in tests. */
export type Installation = {
  readonly dataDir: string;
  readonly packageFolder: string;
  /** A folder that every user can enter, for what `nobody` has to reach. */
  readonly sharedFolder: string;
};

/**
 * Chooses how to run PostgreSQL by trying: an ordinary user starts it directly, root in a user namespace of its own, else as
 * `nobody`. `only` forces one way.
 *
 * @throws ProductError `database.cannot_start` with the reason of each way when none works
 */
export async function chooseLaunchPlan(installation: Installation, only?: LaunchKind): Promise<LaunchPlan> {
  const reasons: string[] = [];
  for (const kind of only === undefined ? waysOf(process.getuid?.()) : [only]) {
    const outcome = await plans[kind](installation);
    if (outcome.kind === "usable") {
      return outcome.plan;
    }
    reasons.push(`${kind}: ${outcome.reason}`);
  }
  throw new ProductError(
    "database.cannot_start",
    `The embedded PostgreSQL cannot run here (${reasons.join("; ")}). Set DATABASE_URL to a PostgreSQL 14 or newer.`,
    { details: { reasons } },
  );
}

/** The installation of this program. */
export function installationIn(dataDir: string): Installation {
  return { dataDir, packageFolder: embeddedPackageFolder(), sharedFolder: "/var/lib/rollcall" };
}

const plans: Readonly<Record<LaunchKind, (installation: Installation) => Promise<PlanOutcome>>> = {
  direct: planDirect,
  "user-namespace": planInUserNamespace,
  nobody: planAsNobody,
};

function waysOf(uid: number | undefined): readonly LaunchKind[] {
  return uid === 0 ? ["user-namespace", "nobody"] : ["direct"];
}
