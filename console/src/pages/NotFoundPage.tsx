import { IconMapPinOff } from "@tabler/icons-react";
import { EmptyState } from "../components/EmptyState.tsx";
import { paths } from "../paths.ts";
import { LinkButton } from "../ui/LinkButton.tsx";
import { useDocumentTitle } from "../ui/use-document-title.ts";

export function NotFoundPage() {
  useDocumentTitle("Nothing here");
  return (
    <main>
      <EmptyState
        icon={IconMapPinOff}
        level={1}
        title="There is no page at this address"
        action={<LinkButton to={paths.home()}>Home</LinkButton>}
      >
        The link may be old, or a letter is missing.
      </EmptyState>
    </main>
  );
}
