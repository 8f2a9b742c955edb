const BATCH_MS = 500;
const NOTICE_MS = 6_000;

/**
 * What is read out: the last sentence of each half second, so that quick marking is not a stream of words. A notice is
 * also shown for some seconds, because what did not work must be seen as well as heard. Outside of React: a sentence
 * draws the region that says it and nothing else.
 */
export class Announcer {
  #said = "";
  #notice: string | null = null;
  #sayTimer: ReturnType<typeof setTimeout> | undefined;
  #noticeTimer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly said = (): string => this.#said;
  readonly notice = (): string | null => this.#notice;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly say = (sentence: () => string): void => {
    clearTimeout(this.#sayTimer);
    this.#sayTimer = setTimeout(() => {
      this.#said = sentence();
      this.#tell();
    }, BATCH_MS);
  };

  readonly show = (sentence: string): void => {
    this.say(() => sentence);
    clearTimeout(this.#noticeTimer);
    this.#notice = sentence;
    this.#tell();
    this.#noticeTimer = setTimeout(() => {
      this.#notice = null;
      this.#tell();
    }, NOTICE_MS);
  };

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
