import { BadInput, readKeys, readObject } from "../http/bad-input.ts";
import { type Fault, faultKinds } from "./fault.ts";

/** Which requests a rule is about, and what happens to them. An absent condition matches everything. */
export type FaultRule = {
  /** The call's name (`token`, `sites`, `members`, `memberships`, …), or `*`. */
  readonly call: string;
  readonly page?: number;
  /** This page and the later ones. */
  readonly fromPage?: number;
  readonly site?: number;
  readonly account?: number;
  /** So many matching requests pass untouched first. Default 0. */
  readonly skip?: number;
  /** How many requests are hit. Default 1; `Infinity`, in JSON `"always"`. */
  readonly count?: number | "always";
  readonly fault: Fault | readonly Fault[];
};

export type FaultTarget = {
  readonly call: string;
  readonly page?: number | undefined;
  readonly site?: number | undefined;
  readonly account?: number | undefined;
};

export type FaultSchedule = {
  readonly add: (rules: readonly FaultRule[]) => void;
  readonly clear: () => void;
  /** The faults that hit a request. Rules are tried in order; the first that matches and is not used up wins. */
  readonly take: (target: FaultTarget) => readonly Fault[];
  readonly list: () => readonly (FaultRule & { readonly hits: number })[];
};

/** Deterministic: the n-th request of a call meets the same fault whenever the same requests are made in the same order. */
export function createFaultSchedule(initial: readonly FaultRule[]): FaultSchedule {
  type Entry = { readonly rule: FaultRule; readonly limit: number; passed: number; hits: number };
  const entries: Entry[] = [];
  const add = (rules: readonly FaultRule[]) => {
    for (const rule of rules) {
      const { count = 1 } = readFaultRule(rule);
      entries.push({ rule, limit: count === "always" ? Number.POSITIVE_INFINITY : count, passed: 0, hits: 0 });
    }
  };
  add(initial);
  return {
    add,
    clear: () => {
      entries.length = 0;
    },
    take: (target) => {
      for (const entry of entries) {
        if (entry.hits >= entry.limit || !matches(entry.rule, target)) continue;
        if (entry.passed < (entry.rule.skip ?? 0)) {
          entry.passed++;
          continue;
        }
        entry.hits++;
        return [entry.rule.fault].flat();
      }
      return [];
    },
    list: () => entries.map(({ rule, hits }) => ({ ...rule, hits })),
  };
}

/** Checks a rule that came from outside. Throws BadInput naming what is wrong. */
export function readFaultRule(value: unknown): FaultRule {
  const rule = readObject(value, "a fault rule");
  readKeys(rule, "the fault rule", ["call", "fault"], ["page", "fromPage", "site", "account", "skip", "count"]);
  if (typeof rule.call !== "string") throw new BadInput("`call` of a fault rule must be the name of a call or `*`.");
  for (const key of ["page", "fromPage", "site", "account", "skip"]) {
    if (rule[key] !== undefined && !Number.isInteger(rule[key])) throw new BadInput(`\`${key}\` must be an integer.`);
  }
  if (rule.count !== undefined && rule.count !== "always" && typeof rule.count !== "number") {
    throw new BadInput('`count` must be a number or "always".');
  }
  for (const fault of [rule.fault].flat()) readFault(fault);
  return value as FaultRule;
}

function readFault(value: unknown): void {
  const fault = readObject(value, "a fault");
  const kind = String(fault.kind);
  if (!Object.hasOwn(faultKinds, kind)) {
    throw new BadInput(`There is no fault "${kind}". Known: ${Object.keys(faultKinds).join(", ")}.`);
  }
  const { needs, may } = faultKinds[kind as Fault["kind"]];
  readKeys(fault, `the fault "${kind}"`, ["kind", ...needs], may);
}

function matches(rule: FaultRule, target: FaultTarget): boolean {
  return (
    (rule.call === "*" || rule.call === target.call) &&
    (rule.page === undefined || rule.page === target.page) &&
    (rule.fromPage === undefined || (target.page ?? 0) >= rule.fromPage) &&
    (rule.site === undefined || rule.site === target.site) &&
    (rule.account === undefined || rule.account === target.account)
  );
}
