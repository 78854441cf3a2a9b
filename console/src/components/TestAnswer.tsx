import { Text } from "@mantine/core";
import type { TestOutcome } from "@rollcall/core/contract/credentials.ts";
import { Notice } from "../ui/Notice.tsx";
import { RelativeTime } from "../ui/RelativeTime.tsx";

/** What the vendor answered to a connection test, and what follows from it. */
export function TestAnswer({ outcome }: { readonly outcome: TestOutcome }) {
  const { ok, code, message, nextStep, at } = outcome;
  return (
    <Notice
      tone={ok ? "good" : "bad"}
      title={ok ? "The connection test passed" : "The connection test failed"}
      role="status"
    >
      <Text size="sm">{message}</Text>
      {nextStep !== null && (
        <Text size="sm" mt={4}>
          <strong>Next step:</strong> {nextStep}
        </Text>
      )}
      <Text size="xs" c="dimmed" mt={4}>
        <RelativeTime at={at} />
        {code !== null && <>, {code}</>}
      </Text>
    </Notice>
  );
}
