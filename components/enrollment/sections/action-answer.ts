/** What a form shows after a press: nothing yet, that it worked, or why not. */
export type FormState =
  | { status: "idle" }
  | { status: "done" }
  | {
      status: "failed";
      message: string;
      /** Which section was asked for, where a page has several. */
      sectionId?: string | undefined;
    };
/** A server action with its outcome as a value, for a form that stays in its place. */
export type FormAction = (state: FormState, form: FormData) => Promise<FormState>;

/** Longer than a busy server needs; after it the person should hear that nothing has come. */
export const ANSWER_WITHIN_MS = 15_000;

/**
 * The answer to a press, or `lostMessage` when none comes: the connection broke, what came was no answer of ours, or
 * nothing came in time. Never rejects, because a rejected action would replace the page by its error page.
 */
export async function answerOf(
  ask: () => Promise<FormState>,
  lostMessage: string,
  withinMs = ANSWER_WITHIN_MS,
): Promise<FormState> {
  const lost: FormState = { status: "failed", message: lostMessage };
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<FormState>((resolve) => {
    timer = setTimeout(() => resolve(lost), withinMs);
  });
  try {
    return await Promise.race([ask(), late]);
  } catch {
    return lost;
  } finally {
    clearTimeout(timer);
  }
}
