import { createHash, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A key and a certificate for `localhost` and 127.0.0.1, signed by itself; clients trust it by `ca` or NODE_EXTRA_CA_CERTS. */
export interface Certificate {
  key: string;
  cert: string;
}

/** Makes one, in DER by hand (X.690, RFC 5280), so that no tool need be installed. */
export function selfSignedCertificate(): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const name = sequence(set(sequence(oid("550403"), der(0x0c, Buffer.from("localhost")))));
  const algorithm = sequence(oid("2a8648ce3d040302"));
  const names = sequence(der(0x82, Buffer.from("localhost")), der(0x87, Buffer.from([127, 0, 0, 1])));
  const extensions = sequence(
    sequence(oid("551d13"), boolean(true), octets(sequence(boolean(true)))),
    sequence(oid("551d11"), octets(names)),
    sequence(oid("551d0e"), octets(octets(createHash("sha1").update(spki).digest()))),
  );
  const tbs = sequence(
    der(0xa0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(8)])),
    algorithm,
    name,
    sequence(time(-1), time(30)),
    name,
    spki,
    der(0xa3, extensions),
  );
  const signature = sign("sha256", tbs, privateKey);
  const cert = sequence(tbs, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${cert.toString("base64").replaceAll(/(.{64})/g, "$1\n")}\n-----END CERTIFICATE-----\n`,
  };
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 128 ? [tag, length] : length < 256 ? [tag, 0x81, length] : [tag, 0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: Buffer[]) => der(0x30, Buffer.concat(parts));
const set = (...parts: Buffer[]) => der(0x31, Buffer.concat(parts));
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const octets = (content: Buffer) => der(0x04, content);
const integer = (content: Buffer) => der(0x02, content);
const boolean = (value: boolean) => der(0x01, Buffer.from([value ? 255 : 0]));

function time(daysFromNow: number): Buffer {
  const at = new Date(Date.now() + daysFromNow * 86_400_000).toISOString();
  return der(0x17, Buffer.from(`${at.slice(2, 19).replaceAll(/[-T:]/g, "")}Z`));
}
