// Jars that a test makes out of another one. A jar is a zip archive: entries, a directory of them, and where that lies.
import { crc32 } from "node:zlib";

const END = 22;

/** An entry, stored as it is. */
export interface Entry {
  name: string;
  bytes: Buffer;
}

/** The jar with these entries too. */
export function withEntries(jar: Buffer, entries: Entry[]): Buffer {
  const end = jar.subarray(jar.length - END);
  if (end.readUInt32LE(0) !== 0x06054b50) throw new Error("the jar does not end as a plain zip archive does");
  const from = end.readUInt32LE(16);
  const body = [jar.subarray(0, from)];
  const directory = [jar.subarray(from, jar.length - END)];
  let at = from;
  for (const entry of entries) {
    const name = Buffer.from(entry.name);
    // Version 2.0, stored, then time, date, check sum, both sizes, and the name's length: alike in both places.
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt32LE(crc32(entry.bytes), 10);
    facts.writeUInt32LE(entry.bytes.length, 14);
    facts.writeUInt32LE(entry.bytes.length, 18);
    facts.writeUInt16LE(name.length, 22);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), facts, name, entry.bytes]);
    body.push(local);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x00", "latin1"), facts, place, name]));
    at += local.length;
  }
  const newEnd = Buffer.from(end);
  const count = end.readUInt16LE(10) + entries.length;
  newEnd.writeUInt16LE(count, 8);
  newEnd.writeUInt16LE(count, 10);
  newEnd.writeUInt32LE(Buffer.concat(directory).length, 12);
  newEnd.writeUInt32LE(at, 16);
  return Buffer.concat([...body, ...directory, newEnd]);
}
