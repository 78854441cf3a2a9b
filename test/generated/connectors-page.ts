import type { Manifest } from "@rollcall/core/connector/manifest.ts";
import type { Authorization } from "@rollcall/core/connector/manifest-authorization.ts";
import type { ConnectorInput } from "@rollcall/core/connector/manifest-inputs.ts";
import { trackingFields } from "@rollcall/core/mapping/compile-sources.ts";
import { markdownTable } from "./markdown-table.ts";

/** docs/connectors.md: what an operator enters for each connector, and what can be mapped. */
export function connectorsPage(manifests: readonly Manifest[]): string {
  return `${[
    "<!-- Generated from connectors/*/connector.yaml by `npm run generate`; do not edit. -->",
    "# Connectors",
    "Each connector's own README, in its folder, says what is needed at the vendor and what is known and assumed about its API. `connectors/README.md` says how to write one.",
    ...manifests.flatMap(describeManifest),
    "## Tracking fields",
    "Every connector offers these as well; they come from the run, not from the vendor.",
    markdownTable(
      ["field", "source"],
      trackingFields.map(({ id, label }) => [label, `\`${id}\``]),
    ),
  ].join("\n\n")}\n`;
}

function describeManifest(manifest: Manifest): readonly string[] {
  const { id, name, publisher, category, fields, notProvided, defaultMapping } = manifest;
  return [
    `## ${name}`,
    `\`${id}\`, by ${publisher}; category ${category}.`,
    "### Credential",
    ...manifest.authorization.map(describeAuthorization),
    "### Inputs",
    markdownTable(
      ["input", "name", "accepts", "default", "help"],
      Object.entries(manifest.inputs).map(([input, described]) => [
        described.label,
        `\`${input}\``,
        accepts(described),
        defaultOf(described),
        described.help,
      ]),
    ),
    "### Fields",
    markdownTable(
      ["field", "source", "path in the record", "type"],
      fields.map(({ label, id: source, path, type }) => [label, `\`${source}\``, `\`${path}\``, type]),
    ),
    "### Not provided by this vendor",
    notProvided.length === 0
      ? "Nothing is known to be missing."
      : list(notProvided.map(({ field, because }) => `${field}: ${because}`)),
    "### Default mapping",
    markdownTable(
      ["source", "target", "sync key"],
      defaultMapping.map(({ source, target, syncKey }) => [
        `\`${source}\``,
        `\`${target}\``,
        syncKey === undefined ? "" : String(syncKey),
      ]),
    ),
  ];
}

function describeAuthorization({ kind, label, fields }: Authorization): string {
  const lines = Object.entries(fields).map(
    ([name, field]) =>
      `\`${name}\`, ${field.label}${field.secret ? " (secret)" : ""}${field.help === undefined ? "" : `: ${field.help}`}`,
  );
  return `${label} (\`${kind}\`):\n\n${list(lines)}`;
}

function accepts(input: ConnectorInput): string {
  switch (input.kind) {
    case "url":
      return "an http or https address";
    case "integer":
      return `${input.min} to ${input.max}`;
    case "text":
      return input.secret ? "text, kept secret" : "text";
    case "choice":
      return input.choices.map(({ value, label }) => `\`${value}\` (${label})`).join(", ");
    case "list":
      return `a list of ${input.items === "integer" ? "numbers" : "texts"}${input.all ? ", or `all`" : ""}`;
    case "yes-no":
      return "yes or no";
  }
}

function defaultOf(input: ConnectorInput): string {
  if (input.default === undefined) {
    return "optional" in input && input.optional ? "empty" : "none, must be entered";
  }
  return typeof input.default === "boolean" ? (input.default ? "yes" : "no") : `\`${String(input.default)}\``;
}

function list(lines: readonly string[]): string {
  return lines.map((line) => `- ${line}`).join("\n");
}
