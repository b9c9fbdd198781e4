// names.js PACKAGE: the names in a zip file, from its central directory (PKWARE APPNOTE 4.3.12, 4.3.16).
const bytes = require('fs').readFileSync(process.argv[2]);
let at = bytes.readUInt32LE(bytes.lastIndexOf('PK\x05\x06') + 16);
while (bytes.readUInt32LE(at) === 0x02014b50) {
  const [name, extra, comment] = [28, 30, 32].map(offset => bytes.readUInt16LE(at + offset));
  console.log(bytes.toString('utf8', at + 46, at + 46 + name));
  at += 46 + name + extra + comment;
}
