// What a publisher makes without our tool: an archive in `.tar.zst` and an Ed25519 signature.
//
// Not here: compression. Blocks are stored as they are, which every reader of zstd understands, so that
// node needs no library for it.

import { createPrivateKey, sign } from "node:crypto";

const BLOCK = 128 << 10;

const padded = (bytes) => Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);

const header = (name, length) => {
  const block = Buffer.alloc(512);
  block.write(name, 0, 100);
  block.write("0000644\0", 100);
  block.write("0000000\0".repeat(2), 108);
  block.write(length.toString(8).padStart(11, "0") + "\0", 124);
  block.write("00000000000\0", 136);
  block.write("        0", 148);
  block.write("ustar\x0000", 257);
  const sum = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  return block;
};

/** A tar archive of `[name, bytes]`. */
export const tar = (files) =>
  Buffer.concat([...files.flatMap(([name, bytes]) => [header(name, bytes.length), padded(bytes)]), Buffer.alloc(1024)]);

/** The bytes as a zstd frame of raw blocks. */
export const zstd = (bytes) => {
  // Magic number; no content size, no checksum; a window of 128 KiB.
  const parts = [Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38])];
  for (let at = 0; at < bytes.length; at += BLOCK) {
    const block = bytes.subarray(at, at + BLOCK);
    const last = at + BLOCK >= bytes.length ? 1 : 0;
    const head = Buffer.alloc(3);
    head.writeUIntLE((block.length << 3) | last, 0, 3);
    parts.push(head, block);
  }
  return Buffer.concat(parts);
};

/** `remote.json.sig` for a descriptor, by the key in the text of a key file (`asterism keygen`). */
export const signature = (descriptor, text) => {
  const { id, secret } = JSON.parse(text);
  // PKCS #8 for Ed25519 is this prefix and the seed.
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.from(secret, "base64")]);
  const key = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  return Buffer.from(JSON.stringify({ algorithm: "ed25519", key: id, signature: sign(null, descriptor, key).toString("base64") }));
};
