import { Skeleton, Stack, VisuallyHidden } from "@mantine/core";

/** Rows to come, as tall as rows are, so that nothing jumps when they arrive. */
export function LoadingTable({ rows = 8 }: { readonly rows?: number }) {
  return (
    <Stack gap={8} py="xs" role="status">
      <VisuallyHidden>Loading</VisuallyHidden>
      {Array.from({ length: rows }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <Skeleton key={index} height={36} radius="sm" />
      ))}
    </Stack>
  );
}

/** Cards to come. */
export function LoadingCards({ cards = 3, height = 160 }: { readonly cards?: number; readonly height?: number }) {
  return (
    <Stack gap="md" role="status">
      <VisuallyHidden>Loading</VisuallyHidden>
      {Array.from({ length: cards }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the cards are all alike
        <Skeleton key={index} height={height} radius="lg" />
      ))}
    </Stack>
  );
}
