import { Button, type ButtonProps } from "@mantine/core";
import type { ReactNode } from "react";
import { useOpenLink } from "./Link.tsx";

type Props = ButtonProps & { readonly to: string; readonly children: ReactNode };

/** A link that looks like a button. */
export function LinkButton({ to, children, ...props }: Props) {
  const open = useOpenLink(to);
  return (
    <Button component="a" href={to} onClick={open} {...props}>
      {children}
    </Button>
  );
}
