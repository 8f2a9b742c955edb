import { describe, expect, it } from "vitest";
import { checkEndpoint, isPublicAddress } from "./endpoint-policy";

const verdict = (endpoint: string, allowlist: string[] = []) => {
  const answer = checkEndpoint(endpoint, allowlist);
  return answer.ok ? "ok" : answer.reason;
};

describe("push addresses", () => {
  it.each([
    "https://fcm.googleapis.com/fcm/send/abc",
    "https://fcm.googleapis.com:443/wp/abc",
    "https://jmt17.google.com/fcm/send/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/abc",
    "https://web.push.apple.com/abc",
    "https://wns2-par02p.notify.windows.com/w/?token=abc",
    "https://FCM.googleapis.com/fcm/send/abc",
  ])("takes %s", (endpoint) => expect(verdict(endpoint)).toBe("ok"));

  it.each([
    ["http://fcm.googleapis.com/fcm/send/abc", "scheme"],
    ["https://fcm.googleapis.com:8443/fcm/send/abc", "port"],
    ["https://fcm.googleapis.com.evil.example/x", "unknown_host"],
    ["https://evilpush.apple.com/x", "unknown_host"],
    ["https://push.apple.com/x", "unknown_host"],
    ["https://web.push.apple.com.evil.example/x", "unknown_host"],
    ["https://web.push.apple.com@evil.example/x", "credentials"],
    ["https://user:pw@fcm.googleapis.com/x", "credentials"],
    ["https://evil.example#.push.apple.com", "unknown_host"],
    ["https://localhost/x", "unknown_host"],
    ["https://127.0.0.1/x", "unknown_host"],
    ["https://2130706433/x", "unknown_host"],
    ["https://0x7f.1/x", "unknown_host"],
    ["https://017700000001/x", "unknown_host"],
    ["https://[::1]/x", "unknown_host"],
    ["https://[::ffff:127.0.0.1]/x", "unknown_host"],
    ["https://169.254.169.254/latest/meta-data", "unknown_host"],
    ["https://10.0.0.1/x", "unknown_host"],
    ["https://100.64.0.1/x", "unknown_host"],
    ["https://fcm.googleapis.com./x", "unknown_host"],
    ["file:///etc/passwd", "scheme"],
    ["javascript:alert(1)", "scheme"],
    ["not a url", "not_a_url"],
  ])("refuses %s (%s)", (endpoint, reason) => expect(verdict(endpoint)).toBe(reason));

  it("takes a named host on any port and scheme, and only that host", () => {
    expect(verdict("https://localhost:8443/x", ["localhost"])).toBe("ok");
    expect(verdict("http://localhost:8080/x", ["LOCALHOST"])).toBe("ok");
    expect(verdict("http://127.0.0.1:8080/x", ["localhost"])).toBe("scheme");
    expect(verdict("https://127.0.0.1:8080/x", ["127.0.0.1"])).toBe("ok");
    expect(verdict("https://2130706433/x", ["127.0.0.1"])).toBe("ok");
    expect(verdict("https://[::1]:8080/x", ["::1"])).toBe("ok");
    expect(verdict("https://sub.push.school.example/x", ["push.school.example"])).toBe("unknown_host");
  });
});

describe("addresses of the public internet", () => {
  it.each(["8.8.8.8", "100.63.255.255", "100.128.0.0", "172.15.0.1", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])(
    "%s is one",
    (address) => expect(isPublicAddress(address)).toBe(true),
  );

  it.each([
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "100.127.255.255",
    "127.0.0.1",
    "127.255.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.9",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:8.8.8.8",
    "64:ff9b::7f00:1",
    "fe80::1",
    "fc00::1",
    "fd12::1",
    "ff02::1",
    "2001:db8::1",
    "2001::1",
    "2002:7f00:1::",
    "3fff::1",
    "localhost",
    "",
  ])("%s is not", (address) => expect(isPublicAddress(address)).toBe(false));
});
