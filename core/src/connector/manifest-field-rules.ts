import type { FieldProblem } from "../errors.ts";
import type { Manifest } from "./manifest.ts";
import { derivedRoot } from "./manifest-fields.ts";
import { ancestors } from "./manifest-stream-rules.ts";

/** Rules about what is offered to the mapping: joins, derived values, fields, activity and the default mapping. */
export function checkFieldRules(manifest: Manifest): readonly FieldProblem[] {
  return [...joinsHangTogether(manifest), ...fieldsHangTogether(manifest), ...defaultMappingFits(manifest)];
}

function joinsHangTogether(manifest: Manifest): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  for (const [name, join] of Object.entries(manifest.joins)) {
    if (manifest.streams[join.stream] === undefined) {
      problems.push({ pointer: `/joins/${name}/stream`, message: "Names a stream that is not declared." });
    } else if (join.stream === manifest.users || ancestors(manifest, join.stream).includes(manifest.users)) {
      problems.push({
        pointer: `/joins/${name}/stream`,
        message: "Must be read before the users, so it cannot depend on them.",
      });
    }
  }
  for (const [name, derived] of Object.entries(manifest.derived)) {
    if (derived.kind === "items") continue;
    const join = manifest.joins[derived.join];
    if (join === undefined) {
      problems.push({ pointer: `/derived/${name}/join`, message: "Names a join that is not declared." });
      continue;
    }
    derived.text.forEach((part, index) => {
      if (typeof part !== "string" && join.keep[part.from.slice(4)] === undefined) {
        problems.push({
          pointer: `/derived/${name}/text/${index}`,
          message: "Names a value that the join does not keep.",
        });
      }
    });
    if (derived.rule === "highest" && derived.ranking.length === 0) {
      problems.push({ pointer: `/derived/${name}/ranking`, message: "The rule highest needs a ranking." });
    }
  }
  return problems;
}

function fieldsHangTogether(manifest: Manifest): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const seen = new Set<string>();
  manifest.fields.forEach((field, index) => {
    if (seen.has(field.id)) problems.push({ pointer: `/fields/${index}/id`, message: "Is used twice." });
    seen.add(field.id);
    const derived = new RegExp(`^/${derivedRoot}/([^/]+)`).exec(field.path)?.[1];
    if (derived !== undefined && manifest.derived[derived] === undefined) {
      problems.push({ pointer: `/fields/${index}/path`, message: "Names a derived value that is not declared." });
    }
  });
  for (const name of Object.keys(manifest.derived)) {
    // Fields are how a run knows what to leave alone when the joined stream was not read completely.
    if (!manifest.fields.some((field) => field.path === `/${derivedRoot}/${name}`)) {
      problems.push({ pointer: `/derived/${name}`, message: "Is offered by no field." });
    }
  }
  if (manifest.activity.kind === "field") {
    const { active, inactive } = manifest.activity;
    if (active.some((value) => inactive.includes(value))) {
      problems.push({ pointer: "/activity", message: "A value is both active and inactive." });
    }
    if (manifest.notProvided.some((entry) => entry.field === "status")) {
      problems.push({
        pointer: "/notProvided",
        message: "The status is read by the activity rule, so it is provided.",
      });
    }
  }
  return problems;
}

function defaultMappingFits(manifest: Manifest): readonly FieldProblem[] {
  const ids = new Set(manifest.fields.map((field) => field.id));
  const problems: FieldProblem[] = [];
  manifest.defaultMapping.forEach((rule, index) => {
    if (!ids.has(rule.source) && !/^\{\{".*"\}\}$/.test(rule.source)) {
      problems.push({ pointer: `/defaultMapping/${index}/source`, message: "Is neither a field's id nor a constant." });
    }
  });
  if (!manifest.defaultMapping.some((rule) => rule.syncKey === 1)) {
    problems.push({ pointer: "/defaultMapping", message: "Needs a first sync key." });
  }
  const missing = ["username", "email", "role"].filter(
    (target) => !manifest.defaultMapping.some((rule) => rule.target === target),
  );
  if (missing.length > 0) {
    problems.push({ pointer: "/defaultMapping", message: `Leaves out ${missing.join(", ")}, mandatory for People.` });
  }
  return problems;
}
