import { Text } from "@mantine/core";
import type { Integration } from "@rollcall/core/contract/integrations.ts";
import type { ContactProblem } from "@rollcall/core/contract/notifications.ts";
import { useQuery } from "@tanstack/react-query";
import { contactsOptions } from "../../api/integrations.ts";
import { AccountName } from "../../components/AccountName.tsx";

const problemWords = {
  disabled: "the account is disabled, so nothing reaches them",
  restricted: "their role may not see runs, so nothing reaches them",
  unsubscribed: "unsubscribed from e-mail",
  "no-email": "no e-mail address",
} as const satisfies Record<ContactProblem, string>;

/** Who is told when something is wrong, and who of them would not hear of it. */
export function ContactsList({ integration }: { readonly integration: Integration }) {
  const contacts = useQuery(contactsOptions(integration.id));
  if (contacts.data === undefined) {
    return integration.contacts.length === 0 ? (
      <>nobody</>
    ) : (
      integration.contacts.map((id) => <AccountName key={id} id={id} absent="" />)
    );
  }
  const { contacts: people, administratorsInstead, emailSetUp } = contacts.data;
  return (
    <>
      {people.map(({ accountId, name, problems }) => (
        <div key={accountId}>
          {name}
          {problems.length > 0 && (
            <Text size="sm" c="dimmed">
              {problems.map((problem) => problemWords[problem]).join("; ")}
            </Text>
          )}
        </div>
      ))}
      {administratorsInstead && (
        <Text size="sm">
          {people.length === 0 ? "Nobody chosen: the administrators are told." : "The administrators are told instead."}
        </Text>
      )}
      {!emailSetUp && (
        <Text size="sm" c="dimmed">
          E-mail is not set up; notifications appear in the console alone.
        </Text>
      )}
    </>
  );
}
