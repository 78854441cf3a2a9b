import { Button, Card, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { IconPlugConnected, IconTestPipe } from "@tabler/icons-react";
import { useState } from "react";
import { createIntegration } from "../../api/integrations.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { TestAnswer } from "../../components/TestAnswer.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { useGo } from "../../ui/Link.tsx";
import classes from "./HomePage.module.css";
import { sandboxAddress, trySandbox } from "./try-sandbox.ts";

const connector = "ironclad-clickwrap";

/** The way in for somebody who has nothing yet: the real vendor, or its simulator. */
export function FirstSteps() {
  return (
    <div className={classes.choices}>
      <ConnectVendor />
      <TrySandbox />
    </div>
  );
}

function ConnectVendor() {
  const go = useGo();
  const start = useCommand(
    () => createIntegration({ name: "Ironclad Clickwrap", connector, mode: "user-plus-saas" }),
    ["/integrations"],
    ({ id }) => go(paths.newCredential({ kind: connector, integration: id })),
  );
  return (
    <Card component="section" aria-labelledby="connect">
      <Stack gap="md" h="100%">
        <IconPlugConnected size={30} stroke={1.6} color="var(--accent-ink)" aria-hidden />
        <Title order={2} id="connect">
          Connect Ironclad Clickwrap
        </Title>
        <Text>
          You need a client ID and a client secret from Ironclad. First you enter them, then you look at what would
          happen, and only then you launch it.
        </Text>
        {start.isError && <Problem error={start.error} />}
        <Group mt="auto">
          <PermissionButton
            permission="integration.write"
            loading={start.isPending}
            onClick={() => start.mutate(undefined)}
          >
            Connect Ironclad Clickwrap
          </PermissionButton>
        </Group>
      </Stack>
    </Card>
  );
}

function TrySandbox() {
  const go = useGo();
  const [address, setAddress] = useState(sandboxAddress);
  const attempt = useCommand(trySandbox, [], (answer) => {
    if (answer.kind === "connected") go(paths.integration(answer.integrationId));
  });
  const answer = attempt.data;
  return (
    <Card component="section" aria-labelledby="sandbox">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          attempt.mutate(address);
        }}
      >
        <Stack gap="md">
          <IconTestPipe size={30} stroke={1.6} color="var(--accent-ink)" aria-hidden />
          <Title order={2} id="sandbox">
            Try with the sandbox
          </Title>
          <Text>
            The sandbox plays Ironclad Clickwrap with made-up users, on this machine. Nothing leaves it. Start it in a
            second terminal:
          </Text>
          <code className={classes.command}>npm run sandbox</code>
          <TextInput
            label="Address of the sandbox"
            value={address}
            onChange={({ currentTarget }) => setAddress(currentTarget.value)}
          />
          {attempt.isError && <Problem error={attempt.error} />}
          {answer?.kind === "refused" && (
            <>
              <TestAnswer outcome={answer.outcome} />
              {answer.outcome.code === "egress.denied" && (
                <Text size="sm">
                  Rollcall reaches no address of its own machine unless it is allowed to. Start it with
                  <code className={classes.command}>ROLLCALL_EGRESS_ALLOW=127.0.0.1 npm start</code>
                </Text>
              )}
            </>
          )}
          <Group>
            <Button type="submit" variant="default" loading={attempt.isPending}>
              Try with the sandbox
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}
