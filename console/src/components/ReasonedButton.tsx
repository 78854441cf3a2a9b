import { Button, type ButtonProps, Tooltip } from "@mantine/core";
import type { ComponentPropsWithRef } from "react";

export type ReasonedButtonProps = ButtonProps &
  Omit<ComponentPropsWithRef<"button">, keyof ButtonProps> & {
    /** Why it cannot be pressed now; empty or absent: it can. */
    readonly disabledBecause?: string | null | undefined;
  };

/** A button that stays in sight when it cannot be pressed, and says why: on hovering, on focus, and to screen readers. */
export function ReasonedButton({ disabledBecause, onClick, children, ...props }: ReasonedButtonProps) {
  if (disabledBecause === undefined || disabledBecause === null || disabledBecause === "") {
    return (
      <Button onClick={onClick} {...props}>
        {children}
      </Button>
    );
  }
  return (
    <Tooltip label={disabledBecause} multiline maw={300}>
      <Button
        {...props}
        data-disabled
        aria-disabled
        aria-description={disabledBecause}
        onClick={(event) => event.preventDefault()}
      >
        {children}
      </Button>
    </Tooltip>
  );
}
