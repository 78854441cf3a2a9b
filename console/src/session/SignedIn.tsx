import { Center, Loader } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { sessionOptions } from "../api/session.ts";
import { Problem } from "../components/Problem.tsx";
import { paths } from "../paths.ts";
import { Shell } from "../shell/Shell.tsx";
import { Redirect } from "../ui/Link.tsx";
import { SessionContext } from "./session-context.ts";

/** Everything behind the sign-in. Who is not signed in is led to the sign-in page, and back afterwards. */
export function SignedIn() {
  const session = useQuery(sessionOptions);
  const { href } = useLocation();
  if (session.isPending) {
    return (
      <Center h="100dvh" role="status" aria-label="Loading">
        <Loader />
      </Center>
    );
  }
  if (session.isError) {
    return (
      <Center h="100dvh" p="md">
        <Problem error={session.error} onRetry={() => void session.refetch()} />
      </Center>
    );
  }
  if (session.data === null) {
    return <Redirect to={href === "/" ? paths.signIn() : paths.signIn(href)} />;
  }
  return (
    <SessionContext value={session.data}>
      <Shell />
    </SessionContext>
  );
}
