import { Group, Radio, Stack, Text } from "@mantine/core";
import type { AnswerDispute as Answer, Dispute } from "@rollcall/core/contract/disputes.ts";
import { useState } from "react";
import { answerDispute, askAgain } from "../../api/disputes.ts";
import { useCommand } from "../../api/use-command.ts";
import { Problem } from "../../components/Problem.tsx";
import { paths } from "../../paths.ts";
import { PermissionButton } from "../../session/PermissionButton.tsx";
import { Link } from "../../ui/Link.tsx";
import { RelativeTime } from "../../ui/RelativeTime.tsx";
import { answerWords } from "./answer-words.ts";
import { FindPerson } from "./FindPerson.tsx";

/** `person:17`, `other`, `create`, `ignore`. */
type Choice = string;

/** Who a disputed record is: one of the candidates, somebody else, a new person, or nobody to be kept. */
export function AnswerDispute({ dispute, onDone }: { readonly dispute: Dispute; readonly onDone: () => void }) {
  const [choice, setChoice] = useState<Choice>(choiceOf(dispute));
  const [other, setOther] = useState<string | null>(null);
  const answer = useCommand((body: Answer) => answerDispute(dispute, body), ["/integrations"], onDone);
  const again = useCommand(() => askAgain(dispute), ["/integrations"], onDone);
  const body = bodyOf(choice, other);
  return (
    <Stack gap="md">
      <Text>
        {dispute.message} {dispute.nextStep}
      </Text>
      {dispute.answer !== null && (
        <Text>
          Answered by {dispute.answer.by ?? "an account that is gone"},{" "}
          <RelativeTime at={dispute.answer.at} absent="once" />: <strong>{answerWords(dispute)}</strong>.
        </Text>
      )}
      <Radio.Group label="Who is it?" value={choice} onChange={setChoice}>
        <Stack gap="sm" mt="xs">
          {dispute.candidates.map(({ personId, fullName, email, linkedKey }) => (
            <Radio
              key={personId}
              value={`person:${personId}`}
              label={`${fullName ?? "no name"}, ${email}`}
              {...(linkedKey === null || linkedKey === dispute.vendorKey
                ? {}
                : { description: `Is record ${linkedKey} now; that tie ends.` })}
            />
          ))}
          <Radio value="other" label="Another person" />
          {choice === "other" && <FindPerson value={other} onChange={setOther} />}
          <Radio value="create" label="A new person" />
          <Radio value="ignore" label="Nobody: leave this record out from now on" />
        </Stack>
      </Radio.Group>
      {answer.isError && <Problem error={answer.error} />}
      {again.isError && <Problem error={again.error} />}
      <Group>
        <PermissionButton
          permission="person.write"
          disabledBecause={body === undefined ? "Say who it is first." : undefined}
          loading={answer.isPending}
          onClick={() => body !== undefined && answer.mutate(body)}
        >
          Save answer
        </PermissionButton>
        {dispute.answer !== null && (
          <PermissionButton
            permission="person.write"
            variant="default"
            loading={again.isPending}
            onClick={() => again.mutate(undefined)}
          >
            Take the answer back
          </PermissionButton>
        )}
      </Group>
      <Text size="sm" c="dimmed">
        Asked since{" "}
        <Link to={paths.run(dispute.firstRunId)} underline="always">
          this run
        </Link>
        . The next run acts on the answer.
      </Text>
    </Stack>
  );
}

function choiceOf({ answer }: Dispute): Choice {
  if (answer === null) return "";
  return answer.answer === "link" ? `person:${answer.personId}` : answer.answer;
}

function bodyOf(choice: Choice, other: string | null): Answer | undefined {
  if (choice === "create" || choice === "ignore") return { answer: choice };
  const personId = choice === "other" ? other : choice.startsWith("person:") ? choice.slice("person:".length) : null;
  return personId === null ? undefined : { answer: "link", personId };
}
