import type { FieldProblem } from "../errors.ts";
import type { Manifest } from "./manifest.ts";
import { checkFieldRules } from "./manifest-field-rules.ts";
import { joinRules } from "./manifest-fields.ts";
import type { ConnectorInput } from "./manifest-inputs.ts";
import { checkStreamRules } from "./manifest-stream-rules.ts";

/**
 * Rules that span several fields of a manifest, which a schema of single fields cannot say. Each yields problems with a
 * JSON Pointer into the manifest; an empty answer means that the manifest holds together.
 */
export function checkManifestRules(manifest: Manifest): readonly FieldProblem[] {
  return [
    ...inputsExistAndFit(manifest),
    ...inputDefaultsFit(manifest),
    ...checkStreamRules(manifest),
    ...checkFieldRules(manifest),
  ];
}

/** Every `{ from: inputs.x }` in the manifest with the pointer to it. */
function inputReferences(value: unknown, pointer: string): readonly { pointer: string; input: string }[] {
  if (typeof value !== "object" || value === null) return [];
  const from = (value as { from?: unknown }).from;
  if (typeof from === "string") return from.startsWith("inputs.") ? [{ pointer, input: from.slice(7) }] : [];
  return Object.entries(value).flatMap(([name, part]) =>
    inputReferences(part, `${pointer}/${name.replaceAll("~", "~0").replaceAll("/", "~1")}`),
  );
}

function inputsExistAndFit(manifest: Manifest): readonly FieldProblem[] {
  return inputReferences(manifest, "").flatMap(({ pointer, input }) => {
    const declared = manifest.inputs[input];
    if (declared === undefined) return [{ pointer, message: `Names the input ${input}, which is not declared.` }];
    if (declared.kind === "text" && declared.secret) {
      return [{ pointer, message: `The secret input ${input} must not be put into an address or a query.` }];
    }
    const wanted = wantedInput(pointer);
    return wanted === undefined || wanted.accepts(declared)
      ? []
      : [{ pointer, message: `The input ${input} must be ${wanted.name}.` }];
  });
}

type WantedInput = { readonly name: string; readonly accepts: (input: ConnectorInput) => boolean };

function choiceAmong(values: readonly string[]): WantedInput {
  return {
    name: `a choice among ${values.join(", ")}`,
    accepts: (input) => input.kind === "choice" && input.choices.every((choice) => values.includes(choice.value)),
  };
}

/** What the place a reference stands in asks of the input; undefined where any kind will do. */
function wantedInput(pointer: string): WantedInput | undefined {
  if (/^\/baseUrl\/base$|\/tokenUrl\/base$/.test(pointer)) {
    return { name: "a url that is not optional", accepts: (input) => input.kind === "url" && !input.optional };
  }
  if (/\/pagination\/size$|^\/rateLimit\/perMinute$/.test(pointer)) {
    return {
      name: "an integer of at least 1 that is not optional",
      accepts: (input) => input.kind === "integer" && input.min >= 1 && !input.optional,
    };
  }
  if (/\/isIn$|\/everyOneOf$/.test(pointer)) return { name: "a list", accepts: (input) => input.kind === "list" };
  if (pointer === "/expectEmpty") return { name: "a yes-no input", accepts: (input) => input.kind === "yes-no" };
  if (pointer.endsWith("/encoding")) return choiceAmong(["form", "json"]);
  if (pointer.endsWith("/clientAuthentication")) return choiceAmong(["body", "basic"]);
  if (/^\/derived\/[^/]+\/rule$/.test(pointer)) return choiceAmong(joinRules);
  if (/\/request\/path\//.test(pointer)) {
    return {
      name: "a single value that is not optional",
      accepts: (input) => input.kind !== "list" && !("optional" in input && input.optional),
    };
  }
  if (/\/request\/query\//.test(pointer)) {
    return { name: "a single value, not a list", accepts: (input) => input.kind !== "list" };
  }
  return undefined;
}

function inputDefaultsFit(manifest: Manifest): readonly FieldProblem[] {
  return Object.entries(manifest.inputs).flatMap(([name, input]) => {
    const problem = defaultProblem(input);
    return problem === null ? [] : [{ pointer: `/inputs/${name}/default`, message: problem }];
  });
}

function defaultProblem(input: ConnectorInput): string | null {
  switch (input.kind) {
    case "integer": {
      if (input.min > input.max) return "The bounds leave no value: min is above max.";
      const outside = input.default !== undefined && (input.default < input.min || input.default > input.max);
      return outside ? `Is not between ${input.min} and ${input.max}.` : null;
    }
    case "choice":
      return input.choices.some((choice) => choice.value === input.default) ? null : "Is not one of the choices.";
    case "text":
      return input.secret && input.default !== undefined ? "A secret has no default." : null;
    case "list":
      return input.default === "all" && !input.all ? 'The word "all" is not accepted here.' : null;
    case "url":
    case "yes-no":
      return null;
  }
}
