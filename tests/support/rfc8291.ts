// Decryption of push messages from the text of RFC 8291 and RFC 8188, with node:crypto alone. The product encrypts with a
// library; a test that decrypted with the same library could not see its mistakes.
import { createDecipheriv, createECDH, hkdfSync, randomBytes } from "node:crypto";

/** Keys of a browser's subscription, with the private half that only the browser has. */
export interface UserAgentKeys {
  privateKey: Buffer;
  publicKey: Buffer;
  auth: Buffer;
}

/** New keys as a browser makes them when it subscribes. */
export function newUserAgentKeys(): UserAgentKeys {
  const pair = createECDH("prime256v1");
  const publicKey = pair.generateKeys();
  return { privateKey: leftPadded(pair.getPrivateKey(), 32), publicKey, auth: randomBytes(16) };
}

/** The plaintext of an `aes128gcm` body, padding removed. Throws when anything about it is not as the RFCs say. */
export function decryptPush(body: Buffer, keys: UserAgentKeys): Buffer {
  if (body.length < 21 + 65 + 17) throw new Error("the body is too short");
  const salt = body.subarray(0, 16);
  const recordSize = body.readUInt32BE(16);
  if (body.readUInt8(20) !== 65) throw new Error("the key id is not an uncompressed point");
  const senderKey = body.subarray(21, 86);
  const record = body.subarray(86);
  if (record.length > recordSize) throw new Error("more than one record");
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(keys.privateKey);
  const secret = pair.computeSecret(senderKey);
  const info = Buffer.concat([Buffer.from("WebPush: info\0"), keys.publicKey, senderKey]);
  const input = derive(keys.auth, secret, info, 32);
  const key = derive(salt, input, Buffer.from("Content-Encoding: aes128gcm\0"), 16);
  const nonce = derive(salt, input, Buffer.from("Content-Encoding: nonce\0"), 12);
  const decipher = createDecipheriv("aes-128-gcm", key, nonce);
  decipher.setAuthTag(record.subarray(-16));
  const padded = Buffer.concat([decipher.update(record.subarray(0, -16)), decipher.final()]);
  let end = padded.length - 1;
  while (end >= 0 && padded[end] === 0) end -= 1;
  if (padded[end] !== 2) throw new Error("the last record has no delimiter 2");
  return padded.subarray(0, end);
}

function derive(salt: Buffer, input: Buffer, info: Buffer, length: number): Buffer {
  return Buffer.from(hkdfSync("sha256", input, salt, info, length));
}

function leftPadded(bytes: Buffer, length: number): Buffer {
  return Buffer.concat([Buffer.alloc(length), bytes]).subarray(-length);
}
