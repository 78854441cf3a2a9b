import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { firstStart, sessionOptions } from "../../api/session.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { paths } from "../../paths.ts";
import { useGo } from "../../ui/Link.tsx";
import { Outside } from "./Outside.tsx";
import { takeLinkToken } from "./take-link-token.ts";

/** Opened by the one-time link of the terminal, /start#<token>: makes the administrator. */
export function FirstStartPage() {
  const [token] = useState(takeLinkToken);
  const client = useQueryClient();
  const go = useGo();
  const { form, error, busy, submit } = useProblemForm({
    initialValues: { name: "", email: "", password: "" },
    validate: {
      name: (name) => (name.trim() === "" ? "Enter your name." : null),
      password: (password) => (password.length < 12 ? "Use at least 12 characters." : null),
    },
  });

  if (token === "") {
    return (
      <Outside title="The link is incomplete" lead="The first start needs the whole link that the terminal printed.">
        <Text>Copy it again, with everything after the #, and open it here.</Text>
      </Outside>
    );
  }
  return (
    <Outside
      title="Set up Rollcall"
      lead="You are the first here. Make the administrator's account; everybody else is invited by it."
    >
      <form
        onSubmit={submit(async (values) => {
          await firstStart({ ...values, token });
          await client.fetchQuery({ ...sessionOptions, staleTime: 0 });
          go(paths.welcome(), { replace: true });
        })}
      >
        <Stack gap="md">
          <TextInput
            label="Your name"
            required
            autoComplete="name"
            autoFocus
            key={form.key("name")}
            {...form.getInputProps("name")}
          />
          <TextInput
            label="E-mail"
            type="email"
            required
            autoComplete="username"
            key={form.key("email")}
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label="Password"
            description="At least 12 characters. A few unrelated words are easy to remember."
            required
            autoComplete="new-password"
            key={form.key("password")}
            {...form.getInputProps("password")}
          />
          {error !== undefined && <Problem error={error} />}
          <Button type="submit" size="md" loading={busy}>
            Create the administrator
          </Button>
        </Stack>
      </form>
    </Outside>
  );
}
