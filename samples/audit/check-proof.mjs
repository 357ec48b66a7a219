// Checks that a record is in an audit log: node check-proof.mjs proof.json public-key.pem
// Needs nothing but Node.js, the proof and the log's public key; shares no code with the gateway. Format: docs/audit-format.md.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";

const [proofFile, keyFile] = process.argv.slice(2);
if (!keyFile) {
  console.error("Usage: node check-proof.mjs proof.json public-key.pem");
  process.exit(2);
}

const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
const leafHash = (leaf) => sha256(Buffer.from([0]), leaf);
const nodeHash = (left, right) => sha256(Buffer.from([1]), left, right);
const fail = (why) => {
  console.error(`NOT PROVEN: ${why}.`);
  process.exit(1);
};

// RFC 9162, section 2.1.3.2.
function rootFrom(leaf, index, size, proof) {
  let [fn, sn, r] = [BigInt(index), BigInt(size) - 1n, leaf];
  if (fn < 0n || fn > sn) fail("the leaf is not in a tree of this size");
  for (const p of proof) {
    if (sn === 0n) fail("the proof is too long");
    if (fn % 2n === 1n || fn === sn) {
      r = nodeHash(p, r);
      while (fn % 2n === 0n && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
    } else {
      r = nodeHash(r, p);
    }
    [fn, sn] = [fn >> 1n, sn >> 1n];
  }
  if (sn !== 0n) fail("the proof is too short");
  return r;
}

// A C2SP signed note: text, empty line, "— name base64(key id || signature)". The key id is of signature type 2, ECDSA P-256.
function checkSignature(note, key) {
  const split = note.lastIndexOf("\n\n");
  const text = note.slice(0, split + 1);
  const origin = text.split("\n")[0];
  const id = sha256(key.export({ type: "spki", format: "der" })).subarray(0, 4);
  for (const line of note.slice(split + 2).trimEnd().split("\n")) {
    const [, name, base64] = line.split(" ");
    const bytes = Buffer.from(base64 ?? "", "base64");
    if (line.startsWith("— ") && name === origin && id.equals(bytes.subarray(0, 4))) {
      if (!verify("sha256", Buffer.from(text), key, bytes.subarray(4))) fail("the checkpoint's signature is wrong");
      return text;
    }
  }
  return fail("the checkpoint is not signed with this key");
}

const { record, leafIndex, treeSize, proof, checkpoint } = JSON.parse(readFileSync(proofFile, "utf8"));
const [origin, size, root] = checkSignature(checkpoint, createPublicKey(readFileSync(keyFile))).split("\n");
if (size !== String(treeSize)) fail(`the checkpoint is of size ${size}, the proof of size ${treeSize}`);
const hashes = proof.map((hash) => Buffer.from(hash, "base64"));
if (hashes.some((hash) => hash.length !== 32)) fail("a hash has not 32 bytes");
if (rootFrom(leafHash(Buffer.from(record)), leafIndex, treeSize, hashes).toString("base64") !== root) fail("the record does not lead to the signed root");

const { type, id, inst, seq, ts } = JSON.parse(record);
console.log(`PROVEN: record ${leafIndex} of ${treeSize} in ${origin}: ${type} ${id}, ${ts}, seq ${seq} of instance ${inst}.`);
