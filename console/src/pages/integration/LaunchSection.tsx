import { List, Stack, Text, ThemeIcon } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import { IconCheck, IconMinus, IconRocket } from "@tabler/icons-react";
import { moveIntegration } from "../../api/integrations.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { Section } from "./Section.tsx";

/** Launch of a draft: what is still missing, and the button. */
export function LaunchSection({ integration }: { readonly integration: Integration }) {
  const { id, name, launchChecklist } = integration;
  const launch = useCommand(
    () => moveIntegration(id, "launch"),
    ["/integrations"],
    () => notifications.show({ title: `${name} is launched`, message: "It runs by its schedule from now on." }),
  );
  // The server makes the test itself when it is the only thing missing.
  const missing = launchChecklist.filter(({ item, ok }) => !ok && item !== "connection-test");
  const because = missing.length === 0 ? "" : missing.map(({ message }) => message).join(" ");
  return (
    <Section id="launch" title="Launch">
      <Stack gap="md">
        <List spacing={8} center={false} aria-label="What is needed">
          {launchChecklist.map(({ item, ok, message }) => (
            <List.Item
              key={item}
              icon={
                <ThemeIcon
                  size={22}
                  radius="xl"
                  variant={ok ? "filled" : "default"}
                  role="img"
                  aria-label={ok ? "done" : "missing"}
                >
                  {ok ? <IconCheck size={14} /> : <IconMinus size={14} />}
                </ThemeIcon>
              }
            >
              {message}
            </List.Item>
          ))}
        </List>
        {launch.isError && <Problem error={launch.error} />}
        <div>
          <PermissionButton
            permission="integration.launch"
            size="md"
            leftSection={<IconRocket size={18} aria-hidden />}
            disabledBecause={because}
            loading={launch.isPending}
            onClick={() => launch.mutate(undefined)}
          >
            Launch
          </PermissionButton>
        </div>
        {because !== "" && (
          <Text size="sm" c="dimmed">
            Launch is possible when everything above is there.
          </Text>
        )}
      </Stack>
    </Section>
  );
}
