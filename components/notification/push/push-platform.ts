// Which browser this is, as far as alerts need it: what is missing for them, and where its switch for notifications is.

/** What has to be read out of the browser; plain values, so that every browser can be tested without one. */
export type Browser = {
  userAgent: string;
  /** Tells an iPad that calls itself a Mac. */
  maxTouchPoints: number;
  /** Opened from the home screen or as an installed app. */
  isStandalone: boolean;
  isSecure: boolean;
};

/** What a person has to do where the browser has no push. */
export type Missing = "iosInstall" | "iosUpdate" | "iosInApp" | "inApp" | "insecure" | "privateWindow" | "unsupported";
/** Where a person takes a block back. */
export type Blocker = "firefox" | "firefoxAndroid" | "chrome" | "chromeAndroid" | "safari" | "ios" | "other";

/** The first iOS and iPadOS whose home screen apps get pushes. */
const IOS_WITH_PUSH = [16, 4] as const;

/** Views of the web inside of other apps (messages, social networks, mail): no push, no home screen. */
const IN_APP =
  /\bFBA[NV]\b|\bFB_IAB\b|Instagram|\bLine\/|MicroMessenger|Snapchat|LinkedInApp|Twitter|Pinterest|WhatsApp|Telegram|TikTok|BytedanceWebview|\bGSA\/|; ?wv\)/;

/** Why a browser has no push, the nearest mend first. Ask it only where push is missing. */
export function missingIn(browser: Browser): Missing {
  const { userAgent } = browser;
  if (!browser.isSecure) return "insecure";
  if (!isApple(browser)) {
    if (IN_APP.test(userAgent)) return "inApp";
    // Firefox of any age has push; its private windows have no service worker, and so none.
    return userAgent.includes("Firefox/") ? "privateWindow" : "unsupported";
  }
  if (isOlder(iosVersion(userAgent), IOS_WITH_PUSH)) return "iosUpdate";
  // Pushes that are missing in the app on the home screen of a new enough system are switched off by the system.
  if (browser.isStandalone) return "unsupported";
  // Safari and the browsers that Apple lets add to the home screen say "Safari/"; a view inside of an app does not.
  return IN_APP.test(userAgent) || !userAgent.includes("Safari/") ? "iosInApp" : "iosInstall";
}

/** Which steps to show a person who blocked notifications. */
export function blockerOf(browser: Browser): Blocker {
  const { userAgent } = browser;
  const isAndroid = userAgent.includes("Android");
  if (isApple(browser)) return "ios";
  if (userAgent.includes("Firefox/")) return isAndroid ? "firefoxAndroid" : "firefox";
  if (userAgent.includes("Chrome/")) return isAndroid ? "chromeAndroid" : "chrome";
  return userAgent.includes("Safari/") ? "safari" : "other";
}

/** What may have to be said in a browser of which the server knows the name alone. */
export function guidesFor(userAgent: string): { missing: ReadonlySet<Missing>; blockers: ReadonlySet<Blocker> } {
  const browsers = [0, 5].flatMap((maxTouchPoints) =>
    [false, true].flatMap((isStandalone) =>
      [false, true].map((isSecure) => ({ userAgent, maxTouchPoints, isStandalone, isSecure })),
    ),
  );
  return { missing: new Set(browsers.map(missingIn)), blockers: new Set(browsers.map(blockerOf)) };
}

/** The browser that runs this. */
export function thisBrowser(): Browser {
  return {
    userAgent: navigator.userAgent,
    maxTouchPoints: navigator.maxTouchPoints,
    isStandalone:
      matchMedia("(display-mode: standalone)").matches || ("standalone" in navigator && navigator.standalone === true),
    isSecure: isSecureContext,
  };
}

function isApple({ userAgent, maxTouchPoints }: Browser): boolean {
  return /iPhone|iPad|iPod/.test(userAgent) || (userAgent.includes("Macintosh") && maxTouchPoints > 1);
}

/** Major and minor. Safari's own version comes first: since iOS 26 the system's number in the text stands still at 18. */
function iosVersion(userAgent: string): readonly [number, number] | null {
  const found = /\bVersion\/(\d+)\.(\d+)/.exec(userAgent) ?? /\bOS (\d+)_(\d+)/.exec(userAgent);
  return found ? [Number(found[1]), Number(found[2])] : null;
}

function isOlder(version: readonly [number, number] | null, than: readonly [number, number]): boolean {
  return version !== null && (version[0] < than[0] || (version[0] === than[0] && version[1] < than[1]));
}
