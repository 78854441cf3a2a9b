import { Group, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "../ui/Link.tsx";
import { useDocumentTitle } from "../ui/use-document-title.ts";
import classes from "./PageHeader.module.css";

type Props = {
  readonly title: string;
  /** What the browser's tab says, when it is more than the title. */
  readonly documentTitle?: string;
  readonly description?: ReactNode;
  /** The pages above this one. */
  readonly crumbs?: readonly { readonly label: string; readonly to?: string }[];
  /** Beside the title: a state. */
  readonly badge?: ReactNode;
  /** At the right: buttons. */
  readonly actions?: ReactNode;
};

/** The top of every page: where it is, its one h1, what it is for, what can be done. */
export function PageHeader({ title, documentTitle, description, crumbs = [], badge, actions }: Props) {
  useDocumentTitle(documentTitle ?? title);
  return (
    <header className={classes.header}>
      <Stack gap={4} className={classes.words}>
        {crumbs.length > 0 && (
          <nav aria-label="Breadcrumbs" className={classes.crumbs}>
            {crumbs.map(({ label, to }, index) => (
              <span key={label}>
                {index > 0 && <span aria-hidden> / </span>}
                {to === undefined ? (
                  label
                ) : (
                  <Link to={to} inherit underline="always">
                    {label}
                  </Link>
                )}
              </span>
            ))}
          </nav>
        )}
        <Group gap="sm">
          <Title order={1} className="wrap-anywhere">
            {title}
          </Title>
          {badge}
        </Group>
        {description !== undefined && (
          <Text c="dimmed" maw="68ch" className={classes.description}>
            {description}
          </Text>
        )}
      </Stack>
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </header>
  );
}
