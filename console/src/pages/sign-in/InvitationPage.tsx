import { Button, PasswordInput, Stack, Text } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { acceptInvitation, sessionOptions } from "../../api/session.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { paths } from "../../paths.ts";
import { useGo } from "../../ui/Link.tsx";
import { Outside } from "./Outside.tsx";
import { takeLinkToken } from "./take-link-token.ts";

/** Opened by the link of an invitation, /invitation#<token>: chooses the password. */
export function InvitationPage() {
  const [token] = useState(takeLinkToken);
  const client = useQueryClient();
  const go = useGo();
  const { form, error, busy, submit } = useProblemForm({
    initialValues: { password: "", again: "" },
    validate: {
      password: (password) => (password.length < 12 ? "Use at least 12 characters." : null),
      again: (again, { password }) => (again === password ? null : "This is not the same password."),
    },
  });
  if (token === "") {
    return (
      <Outside title="The link is incomplete" lead="An invitation needs the whole link.">
        <Text>Copy it again, with everything after the #, or ask an administrator for a new one.</Text>
      </Outside>
    );
  }
  return (
    <Outside title="Choose your password" lead="Then you are signed in, and your account is ready.">
      <form
        onSubmit={submit(async ({ password }) => {
          await acceptInvitation({ token, password });
          await client.fetchQuery({ ...sessionOptions, staleTime: 0 });
          go(paths.home(), { replace: true });
        })}
      >
        <Stack gap="md">
          <PasswordInput
            label="Password"
            description="At least 12 characters. A few unrelated words are easy to remember."
            required
            autoFocus
            autoComplete="new-password"
            {...form.getInputProps("password")}
          />
          <PasswordInput label="The same again" required autoComplete="new-password" {...form.getInputProps("again")} />
          {error !== undefined && <Problem error={error} />}
          <Button type="submit" size="md" loading={busy}>
            Choose and sign in
          </Button>
        </Stack>
      </form>
    </Outside>
  );
}
