import { Stack } from "@mantine/core";
import type { AuditEvent } from "@rollcall/core/contract/access.ts";
import type { ReactNode } from "react";
import classes from "../../components/ValueChange.module.css";
import { formatDateTime } from "../../ui/format-time.ts";
import { Link } from "../../ui/Link.tsx";
import { showValue } from "../../ui/show-value.ts";
import { actorWords, targetHref, targetWords } from "./audit-words.ts";

/** One entry in full. Secrets are never part of it. */
export function AuditDetail({ event }: { readonly event: AuditEvent }) {
  const { at, action, target, targetId, details } = event;
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["When", formatDateTime(at)],
    ["Who", actorWords(event)],
    ["About", <About key="about" target={target} targetId={targetId} details={details} />],
    ...Object.entries(details)
      .filter(([name]) => name !== "name")
      .map(([name, value]) => [nameWords(name), valueWords(value)] as const),
    ["Action in the API", <code key="action">{action}</code>],
    ["Number", <code key="id">{event.id}</code>],
  ];
  return (
    <Stack gap="md">
      <dl className={classes.list}>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </Stack>
  );
}

function About({ target, targetId, details: { name } }: Pick<AuditEvent, "target" | "targetId" | "details">) {
  const href = targetHref(target, targetId);
  const words = typeof name === "string" ? `${targetWords(target)} ${name}` : targetWords(target);
  if (href !== null) {
    return (
      <Link to={href} className="wrap-anywhere">
        {words}
      </Link>
    );
  }
  return <span className="wrap-anywhere">{words}</span>;
}

/** `personDeactivation` as `Person deactivation`. */
function nameWords(name: string): string {
  const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).replaceAll("_", " ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function valueWords(value: unknown): ReactNode {
  if (Array.isArray(value) && value.every((each) => typeof each === "string")) {
    return value.length === 0 ? "none" : value.join(", ");
  }
  return showValue(value) ?? <span className="quiet">empty</span>;
}
