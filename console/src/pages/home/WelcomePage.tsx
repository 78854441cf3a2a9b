import { PageHeader } from "../../components/PageHeader.tsx";
import { useSession } from "../../session/session-context.ts";
import { FirstSteps } from "./FirstSteps.tsx";

/** Shown once after the first start. */
export function WelcomePage() {
  const { account } = useSession();
  return (
    <>
      <PageHeader
        title={`Welcome, ${account.name}`}
        documentTitle="Welcome"
        description="Rollcall reads who has access to your applications. Connect the first one."
      />
      <FirstSteps />
    </>
  );
}
