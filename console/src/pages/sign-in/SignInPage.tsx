import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { sessionOptions, signIn } from "../../api/session.ts";
import { Problem } from "../../components/Problem.tsx";
import { useProblemForm } from "../../forms/use-problem-form.ts";
import { paths } from "../../paths.ts";
import { Redirect, useGo } from "../../ui/Link.tsx";
import { Outside } from "./Outside.tsx";

export function SignInPage() {
  const { next } = useSearch({ strict: false }) as { readonly next?: string };
  const session = useQuery(sessionOptions);
  const client = useQueryClient();
  const go = useGo();
  const target = safeTarget(next);
  const { form, error, busy, submit } = useProblemForm({ initialValues: { email: "", password: "" } });

  if (session.data != null) return <Redirect to={target} />;
  return (
    <Outside title="Sign in" lead="Who has access to what, and who should not have it any more.">
      <form
        onSubmit={submit(async (values) => {
          await signIn(values);
          await client.invalidateQueries({ queryKey: sessionOptions.queryKey });
          go(target, { replace: true });
        })}
      >
        <Stack gap="md">
          <TextInput
            label="E-mail"
            type="email"
            required
            autoComplete="username"
            autoFocus
            key={form.key("email")}
            {...form.getInputProps("email")}
          />
          <PasswordInput
            label="Password"
            required
            autoComplete="current-password"
            key={form.key("password")}
            {...form.getInputProps("password")}
          />
          {error !== undefined && <Problem error={error} />}
          <Button type="submit" size="md" loading={busy}>
            Sign in
          </Button>
        </Stack>
      </form>
    </Outside>
  );
}

/** Only addresses of the console itself: `//elsewhere` and `https:` would lead away. */
function safeTarget(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])/.test(next) ? next : paths.home();
}
