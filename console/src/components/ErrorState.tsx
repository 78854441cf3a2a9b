import { IconMapPinOff } from "@tabler/icons-react";
import { isForbidden, isNotFound, problemOf } from "../api/problem-error.ts";
import { paths } from "../paths.ts";
import { LinkButton } from "../ui/LinkButton.tsx";
import { EmptyState } from "./EmptyState.tsx";
import { NoPermission } from "./NoPermission.tsx";
import { Problem } from "./Problem.tsx";

/** Instead of a page's content, when its data could not be had. */
export function ErrorState({ error, onRetry }: { readonly error: unknown; readonly onRetry?: () => void }) {
  if (isForbidden(error)) return <NoPermission detail={problemOf(error).detail} />;
  if (isNotFound(error)) {
    return (
      <EmptyState
        icon={IconMapPinOff}
        title="There is nothing at this address"
        action={<LinkButton to={paths.home()}>Home</LinkButton>}
      >
        {problemOf(error).detail}
      </EmptyState>
    );
  }
  return <Problem error={error} {...(onRetry === undefined ? {} : { onRetry })} />;
}
