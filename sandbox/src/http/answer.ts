export type Answer = {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export function jsonAnswer(status: number, body: string): Answer {
  return { status, contentType: "application/json; charset=utf-8", body };
}
