/** At most so many within the seconds that begin with the first. */
export type Window = { most: number; seconds: number };

/**
 * After `free` tries each further one has to wait: at first `waitSeconds`, then twice as long each time, never longer than
 * `longestSeconds`, and never for good. All is forgotten `forgottenSeconds` after the last, and with one that succeeds.
 */
export type BackOff = { free: number; waitSeconds: number; longestSeconds: number; forgottenSeconds: number };

/** One kind of request that is counted. */
export type Limit = {
  /** Which requests count; who does it right is never among them, unless it says "every". */
  counted: string;
  /** Of one account, which need not exist. */
  account?: Window | BackOff;
  /** Of an account in a browser that has been signed in to it before; then neither of the others holds. */
  device?: BackOff;
  /** Of an IP address, behind which there may be a whole school; of IPv6 the network (/64). */
  address?: Window;
};

const MINUTE = 60;
const GUESSING = { free: 5, waitSeconds: 30, longestSeconds: 15 * MINUTE, forgottenSeconds: 60 * MINUTE };

/**
 * What may be tried only so often: the one table of it (docs/operations.md shows the same, held together by a test).
 *
 * What counts are failures and abuse, not people: a school of 1,200 shares one address and signs in at eight. So an address
 * is allowed what such a school gets wrong when everybody mistypes once, within ten minutes, and what succeeds is not counted. The back-off
 * of an account is within the 100 failures in a row that NIST SP 800-63B-4 §3.2.2 allows: some 96 guesses a day. Whoever is refused by a
 * guessing stranger has another way in: a browser that was signed in before (OWASP, "Slow Down Online Guessing Attacks with
 * Device Cookies"), or a new password by mail.
 */
export const LIMITS = {
  signIn: {
    counted: "wrong passwords",
    account: GUESSING,
    device: GUESSING,
    address: { most: 1_500, seconds: 10 * MINUTE },
  },
  secondStep: {
    counted: "wrong codes of a second step",
    // Six digits: whoever has the password and guesses all day has one chance in 700.
    account: { most: 5, seconds: 15 * MINUTE },
    address: { most: 600, seconds: 10 * MINUTE },
  },
  sso: { counted: "every sign-in elsewhere that is begun", address: { most: 6_000, seconds: 10 * MINUTE } },
  refresh: { counted: "refresh tokens that are none", address: { most: 600, seconds: 10 * MINUTE } },
  forgot: {
    counted: "every mail with a link asked for",
    account: { most: 3, seconds: 15 * MINUTE },
    address: { most: 300, seconds: 15 * MINUTE },
  },
  reset: { counted: "links for a new password that do not work", address: { most: 300, seconds: 15 * MINUTE } },
  invitation: { counted: "invitations that do not work", address: { most: 300, seconds: 15 * MINUTE } },
  setUp: { counted: "set-up links that do not work", address: { most: 30, seconds: 15 * MINUTE } },
  change: { counted: "wrong current passwords", account: { most: 10, seconds: 15 * MINUTE } },
  newEmail: { counted: "every mail asked for that confirms a new address", account: { most: 5, seconds: 15 * MINUTE } },
  exports: { counted: "every file of one's own data", account: { most: 10, seconds: 15 * MINUTE } },
  enroll: { counted: "every request to enroll", account: { most: 600, seconds: MINUTE } },
} as const satisfies Record<string, Limit>;

export type LimitKind = keyof typeof LIMITS;

/** Passwords of one address that may wait for their turn in one process: a large school at once, not the whole queue. */
export const WAITING_OF_ADDRESS = 3_000;
