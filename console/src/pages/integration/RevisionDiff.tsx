import { Text } from "@mantine/core";
import type { Revision } from "@rollcall/core/contract/integrations.ts";
import classes from "./RevisionDiff.module.css";

/** What a revision changed: old → new, line by line. */
export function RevisionDiff({ diff }: { readonly diff: Revision["diff"] }) {
  if (diff.length === 0) {
    return (
      <Text size="sm" c="dimmed" mt="xs">
        The first settings.
      </Text>
    );
  }
  return (
    <dl className={classes.diff}>
      {diff.map(({ pointer, before, after }) => (
        <div key={pointer}>
          <dt>{pointerWords(pointer)}</dt>
          <dd>
            {before === undefined ? <span className="quiet">nothing</span> : <del>{showValue(before)}</del>}
            <span aria-hidden> → </span>
            <span className={classes.hidden}>became</span>
            {after === undefined ? <span className="quiet">removed</span> : <ins>{showValue(after)}</ins>}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** `/mapping/rules/3/target` as people say it: Mapping, rule 4, target. */
function pointerWords(pointer: string): string {
  const words = pointer
    .slice(1)
    .split("/")
    .map((part) => (/^\d+$/.test(part) ? String(Number(part) + 1) : spaced(part)));
  const text = words.join(" › ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function spaced(name: string): string {
  return name.replace(/(?<=[a-z])(?=[A-Z])/g, " ").toLowerCase();
}

function showValue(value: unknown): string {
  if (value === null) return "nothing";
  if (value === true) return "yes";
  if (value === false) return "no";
  return typeof value === "string" || typeof value === "number" ? String(value) : JSON.stringify(value);
}
